// A switch of protocols as Go's net/http does it, through a proxy:
//
//	upgrade PROXY URL PROTOCOL TEXT     prints the status, the protocol, and what comes back for TEXT
package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	proxy, err := url.Parse(os.Args[1])
	check(err)
	request, err := http.NewRequest("POST", os.Args[2], nil)
	check(err)
	request.Header.Set("Connection", "Upgrade")
	request.Header.Set("Upgrade", os.Args[3])
	response, err := (&http.Transport{Proxy: http.ProxyURL(proxy)}).RoundTrip(request)
	check(err)
	fmt.Println(response.StatusCode, response.Header.Get("Upgrade"))
	both, switched := response.Body.(io.ReadWriteCloser)
	if !switched {
		os.Exit(2)
	}
	_, err = io.WriteString(both, os.Args[4])
	check(err)
	back := make([]byte, len(os.Args[4]))
	_, err = io.ReadFull(both, back)
	check(err)
	fmt.Println(string(back))
	check(both.Close())
}
