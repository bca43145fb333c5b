// An origin with octets that anybody can check: HTTP/1.1 and HTTP/2 over TLS, on one listener.
//
//	GET  /octets?stream=N&bytes=N   pseudo-random octets, other ones for each stream
//	GET  /sums?streams=N&bytes=N    a JSON array: what SHA-256 those streams have
//	POST /slow                      reads slowly, then says what it got
//	GET  /silence?seconds=N         a line, silence, and another line
//	GET  /echo                      a WebSocket that returns each message
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"math/rand"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"
)

// Streams start at different places of one block, and go round in it.
const (
	blockBytes = 64 << 20
	stride     = 1_000_003
)

var block = make([]byte, blockBytes)

func number(r *http.Request, name string) int {
	value, err := strconv.Atoi(r.URL.Query().Get(name))
	if err != nil || value < 0 {
		panic(http.ErrAbortHandler)
	}
	return value
}

// write sends `bytes` octets of the stream to `to`, 32 KiB at a time.
func write(to io.Writer, stream, bytes int) {
	for at := stream * stride % blockBytes; bytes > 0; at %= blockBytes {
		count := min(bytes, 32<<10, blockBytes-at)
		if _, err := to.Write(block[at : at+count]); err != nil {
			return
		}
		at += count
		bytes -= count
	}
}

var sums sync.Map // of [2]int{stream, bytes} to string

func sum(stream, bytes int) string {
	key := [2]int{stream, bytes}
	if known, ok := sums.Load(key); ok {
		return known.(string)
	}
	hash := sha256.New()
	write(hash, stream, bytes)
	text := hex.EncodeToString(hash.Sum(nil))
	sums.Store(key, text)
	return text
}

func octets(w http.ResponseWriter, r *http.Request) {
	stream, bytes := number(r, "stream"), number(r, "bytes")
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.Itoa(bytes))
	write(w, stream, bytes)
}

func allSums(w http.ResponseWriter, r *http.Request) {
	all := []string{}
	for stream := 0; stream < number(r, "streams"); stream++ {
		all = append(all, sum(stream, number(r, "bytes")))
	}
	answer(w, all)
}

// slow lets the client's windows and buffers fill before it reads, and then reads 16 KiB each 2 ms at best.
func slow(w http.ResponseWriter, r *http.Request) {
	hash, bytes := sha256.New(), 0
	time.Sleep(500 * time.Millisecond)
	for buffer := make([]byte, 16<<10); ; time.Sleep(2 * time.Millisecond) {
		count, err := io.ReadFull(r.Body, buffer)
		hash.Write(buffer[:count])
		bytes += count
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			break
		} else if err != nil {
			log.Printf("upload broke off after %d octets: %v", bytes, err)
			return
		}
	}
	answer(w, map[string]any{"bytes": bytes, "sum": hex.EncodeToString(hash.Sum(nil))})
}

func silence(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintln(w, "before")
	http.NewResponseController(w).Flush()
	select {
	case <-time.After(time.Duration(number(r, "seconds")) * time.Second):
		fmt.Fprintln(w, "after")
	case <-r.Context().Done():
	}
}

func answer(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(value)
}

func main() {
	certificate := flag.String("certificate", "", "PEM `file` of the chain")
	key := flag.String("key", "", "PEM `file` of its key")
	address := flag.String("listen", "127.77.0.1:0", "where to listen")
	flag.Parse()
	rand.New(rand.NewSource(1)).Read(block)
	http.HandleFunc("GET /octets", octets)
	http.HandleFunc("GET /sums", allSums)
	http.HandleFunc("POST /slow", slow)
	http.HandleFunc("GET /silence", silence)
	listener, err := net.Listen("tcp", *address)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("listening on %s\n", listener.Addr())
	go func() { // ends with who started it
		io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	log.Fatal((&http.Server{}).ServeTLS(listener, *certificate, *key))
}
