// HTTP/2 as Go speaks it (golang.org/x/net/http2): many streams, read and written in small pieces, each of
// which is acknowledged by WINDOW_UPDATE. Prints what arrived.
//
//	streams serve CHAIN KEY READ                 an origin: GET /N gives N octets, POST says how many came
//	streams down URL STREAMS READ                STREAMS downloads at once, through HTTPS_PROXY
//	streams up URL STREAMS OCTETS                as many uploads
//	streams tunnels PROXY TARGET STREAMS OCTETS READ
//	                                             downloads by HTTP/1.1, each in a CONNECT of one connection
package main

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/net/http2"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func number(text string) int64 {
	value, err := strconv.ParseInt(text, 10, 64)
	check(err)
	return value
}

// zeros is that many octets of content.
func zeros(octets int64) io.Reader { return io.LimitReader(zeroReader{}, octets) }

type zeroReader struct{}

func (zeroReader) Read(into []byte) (int, error) { return len(into), nil }

// drain reads to the end in pieces of that size, and says how many octets came.
func drain(from io.Reader, piece int64) (int64, error) {
	into, sum := make([]byte, piece), int64(0)
	for {
		n, err := from.Read(into)
		sum += int64(n)
		if err == io.EOF {
			return sum, nil
		}
		if err != nil {
			return sum, err
		}
	}
}

func serve(chain, key string, piece int64) {
	handler := http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		if request.Method == "POST" {
			sum, _ := drain(request.Body, piece)
			fmt.Fprint(answer, sum)
			return
		}
		io.Copy(answer, zeros(number(request.URL.Path[1:])))
	})
	server := &http.Server{Handler: handler}
	check(http2.ConfigureServer(server, &http2.Server{}))
	listener, err := net.Listen("tcp", "127.77.0.1:0")
	check(err)
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	go func() { // ends with whoever started it
		io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	check(server.ServeTLS(listener, chain, key))
}

// each runs `work` that many times at once, and prints the sum of what it returns.
func each(streams int64, work func() (int64, error)) {
	var all sync.WaitGroup
	var lock sync.Mutex
	sum := int64(0)
	for n := int64(0); n < streams; n++ {
		all.Add(1)
		go func() {
			defer all.Done()
			octets, err := work()
			check(err)
			lock.Lock()
			defer lock.Unlock()
			sum += octets
		}()
	}
	all.Wait()
	fmt.Println(sum)
}

func client() *http.Client {
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment}
	check(http2.ConfigureTransport(transport))
	return &http.Client{Transport: transport}
}

func down(client *http.Client, url string, piece int64) (int64, error) {
	answer, err := client.Get(url)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	if answer.ProtoMajor != 2 || answer.StatusCode != 200 {
		return 0, fmt.Errorf("%s %s", answer.Proto, answer.Status)
	}
	return drain(answer.Body, piece)
}

func up(client *http.Client, url string, octets int64) (int64, error) {
	answer, err := client.Post(url, "application/octet-stream", zeros(octets))
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, err
	}
	if answer.ProtoMajor != 2 || answer.StatusCode != 200 {
		return 0, fmt.Errorf("%s %s %s", answer.Proto, answer.Status, text)
	}
	return strconv.ParseInt(string(text), 10, 64)
}

// tunnel downloads in a CONNECT of its own.
func tunnel(proxy *http2.ClientConn, target string, octets, piece int64) (int64, error) {
	read, write := io.Pipe()
	request := &http.Request{Method: "CONNECT", URL: &url.URL{Host: target}, Host: target, Body: read,
		ContentLength: -1, Header: http.Header{}}
	granted, err := proxy.RoundTrip(request)
	if err != nil {
		return 0, err
	}
	if granted.StatusCode != 200 {
		return 0, fmt.Errorf("CONNECT: %s", granted.Status)
	}
	fmt.Fprintf(write, "GET /%d HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", octets, target)
	small := bufio.NewReaderSize(granted.Body, int(piece))
	answer, err := http.ReadResponse(small, nil)
	if err != nil {
		return 0, err
	}
	sum, err := drain(answer.Body, piece)
	write.Close()
	return sum, err
}

func main() {
	arguments := os.Args[2:]
	switch os.Args[1] {
	case "serve":
		serve(arguments[0], arguments[1], number(arguments[2]))
	case "down":
		via := client()
		each(number(arguments[1]), func() (int64, error) { return down(via, arguments[0], number(arguments[2])) })
	case "up":
		via := client()
		each(number(arguments[1]), func() (int64, error) { return up(via, arguments[0], number(arguments[2])) })
	case "tunnels":
		address := arguments[0]
		name, _, _ := strings.Cut(address, ":")
		conn, err := tls.Dial("tcp", address, &tls.Config{ServerName: name, NextProtos: []string{"h2"}})
		check(err)
		proxy, err := (&http2.Transport{}).NewClientConn(conn)
		check(err)
		each(number(arguments[2]), func() (int64, error) {
			return tunnel(proxy, arguments[1], number(arguments[3]), number(arguments[4]))
		})
	}
}
