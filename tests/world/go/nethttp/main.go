// Go's net/http, with the HTTP/2 it has inside. Only the standard library of Go 1.19, since Debian's
// compiles it as well.
package main

import (
	"crypto/tls"
	"net/http"

	"world/deeds"
)

func main() {
	deeds.Main(deeds.Version("net/http", ""), func(t deeds.Task) deeds.Deeds {
		return deeds.OfHTTP(&http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(t.ProxyURL()),
			TLSClientConfig: &tls.Config{RootCAs: t.RootsPool()}, ForceAttemptHTTP2: true}}, t)
	})
}
