// Fetches the URLs given as arguments with Go's default client, which takes the proxy from HTTP_PROXY,
// HTTPS_PROXY and NO_PROXY. SSL_CERT_FILE names what it trusts.
package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

func main() {
	client := &http.Client{Timeout: 20 * time.Second}
	for _, url := range os.Args[1:] {
		response, err := client.Get(url)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		body, err := io.ReadAll(response.Body)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Printf("%d %s\n", response.StatusCode, body)
	}
}
