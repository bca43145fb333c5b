// An origin with octets that anybody can check: HTTP/1.1 and HTTP/2 over TLS, on one listener.
//
//	GET  /octets?stream=N&bytes=N   pseudo-random octets, other ones for each stream
//	GET  /sums?streams=N&bytes=N    a JSON array: what SHA-256 those streams have
//	POST /slow                      reads slowly, then says what it got
//	GET  /silence?seconds=N         a line, silence, and another line
//	GET  /break                     a line, and then no end
//	GET  /socket?…                  the first or one of the last three in messages of a WebSocket
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"strconv"
	"time"

	"world/octets"
	"world/serve"
)

func number(r *http.Request, name string) int {
	value, err := strconv.Atoi(r.URL.Query().Get(name))
	if err != nil || value < 0 {
		panic(http.ErrAbortHandler)
	}
	return value
}

func send(w http.ResponseWriter, r *http.Request) {
	stream, bytes := number(r, "stream"), number(r, "bytes")
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.Itoa(bytes))
	octets.Write(w, stream, bytes)
}

func allSums(w http.ResponseWriter, r *http.Request) {
	all := []string{}
	for stream := 0; stream < number(r, "streams"); stream++ {
		all = append(all, octets.Sum(stream, number(r, "bytes")))
	}
	answer(w, all)
}

// slow lets the client's windows and buffers fill before it reads, and then reads 4 KiB each half a millisecond at best.
func slow(w http.ResponseWriter, r *http.Request) {
	hash, bytes := sha256.New(), 0
	time.Sleep(500 * time.Millisecond)
	for buffer := make([]byte, 4<<10); ; time.Sleep(time.Millisecond / 2) {
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

func breakOff(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintln(w, "before")
	http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

func answer(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(value)
}

func main() {
	http.HandleFunc("GET /octets", send)
	http.HandleFunc("GET /sums", allSums)
	http.HandleFunc("POST /slow", slow)
	http.HandleFunc("GET /silence", silence)
	http.HandleFunc("GET /break", breakOff)
	http.HandleFunc("GET /socket", socket)
	listener, certificate, key := serve.Listener()
	log.Fatal((&http.Server{}).ServeTLS(listener, certificate, key))
}
