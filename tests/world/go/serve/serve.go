// Package serve is what the origins share: they listen where they are told to, and say so.
package serve

import (
	"flag"
	"fmt"
	"log"
	"net"
)

// Listener and the files of the certificate, as the command line says.
func Listener() (listener net.Listener, certificate, key string) {
	flag.StringVar(&certificate, "certificate", "", "PEM `file` of the chain")
	flag.StringVar(&key, "key", "", "PEM `file` of its key")
	address := flag.String("listen", "127.77.0.1:0", "where to listen")
	flag.Parse()
	listener, err := net.Listen("tcp", *address)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("listening on %s\n", listener.Addr())
	return listener, certificate, key
}
