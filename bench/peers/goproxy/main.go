// A forward proxy on elazarl/goproxy, as one would write it: the library's defaults, a pool of origin
// connections that fits the load, and a line of access log a request, buffered.
//
//	goproxy 127.0.0.1:3128 /path/to/access.log
package main

import (
	"bufio"
	"fmt"
	"log"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/elazarl/goproxy"
)

// accessLog collects lines and writes them once a second or when it is full.
type accessLog struct {
	mutex  sync.Mutex
	writer *bufio.Writer
}

func (l *accessLog) line(r *http.Request, status int) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	fmt.Fprintf(l.writer, "%s %s %s %s %d\n", time.Now().Format(time.RFC3339Nano), r.RemoteAddr, r.Method, r.URL, status)
}

func (l *accessLog) flush() {
	for range time.Tick(time.Second) {
		l.mutex.Lock()
		l.writer.Flush()
		l.mutex.Unlock()
	}
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: goproxy ADDRESS:PORT ACCESS_LOG")
		os.Exit(2)
	}
	file, err := os.Create(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	access := &accessLog{writer: bufio.NewWriterSize(file, 64*1024)}
	go access.flush()

	proxy := goproxy.NewProxyHttpServer()
	proxy.Tr = &http.Transport{MaxIdleConns: 1024, MaxIdleConnsPerHost: 256, IdleConnTimeout: time.Minute}
	proxy.OnRequest().HandleConnectFunc(func(host string, ctx *goproxy.ProxyCtx) (*goproxy.ConnectAction, string) {
		access.line(ctx.Req, http.StatusOK)
		return goproxy.OkConnect, host
	})
	proxy.OnResponse().DoFunc(func(response *http.Response, ctx *goproxy.ProxyCtx) *http.Response {
		status := 0
		if response != nil {
			status = response.StatusCode
		}
		access.line(ctx.Req, status)
		return response
	})
	log.Fatal(http.ListenAndServe(os.Args[1], proxy))
}
