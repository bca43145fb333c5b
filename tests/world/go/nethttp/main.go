// Go's net/http, with the HTTP/2 it has inside. Only the standard library of Go 1.19, since Debian's
// compiles it as well.
package main

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"
)

// What the client is asked to do: see tests/world/README.md.
type task struct {
	Proxy, Origin, Refused, Roots string
	Deeds                         []string
	Streams, Bytes, Read          int
	Upload, Silence               int
}

type report map[string]any

func client(t task) *http.Client {
	proxy, err := url.Parse(t.Proxy)
	check(err)
	pem, err := os.ReadFile(t.Roots)
	check(err)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	return &http.Client{Transport: &http.Transport{
		Proxy: http.ProxyURL(proxy), TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}}
}

// read takes a body as a program with a small buffer does.
func read(body io.Reader, size int) (string, error) {
	hash, buffer := sha256.New(), make([]byte, size)
	for {
		count, err := body.Read(buffer)
		hash.Write(buffer[:count])
		if err == io.EOF {
			return hex.EncodeToString(hash.Sum(nil)), nil
		} else if err != nil {
			return "", err
		}
	}
}

func download(c *http.Client, t task) (report, error) {
	sums, failures, protocol := make([]string, t.Streams), make([]error, t.Streams), ""
	var all sync.WaitGroup
	for stream := range sums {
		all.Add(1)
		go func(stream int) {
			defer all.Done()
			answer, err := c.Get(fmt.Sprintf("%s/octets?stream=%d&bytes=%d", t.Origin, stream, t.Bytes))
			if err != nil {
				failures[stream] = err
				return
			}
			defer answer.Body.Close()
			if stream == 0 {
				protocol = answer.Proto
			}
			sums[stream], failures[stream] = read(answer.Body, t.Read)
		}(stream)
	}
	all.Wait()
	for _, err := range failures {
		if err != nil {
			return nil, err
		}
	}
	return report{"sums": sums, "protocol": protocol}, nil
}

func upload(c *http.Client, t task) (report, error) {
	answer, err := c.Get(fmt.Sprintf("%s/octets?stream=0&bytes=%d", t.Origin, t.Upload))
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	if err != nil {
		return nil, err
	}
	answer, err = c.Post(t.Origin+"/slow", "application/octet-stream", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	said := report{}
	return said, json.NewDecoder(answer.Body).Decode(&said)
}

func silence(c *http.Client, t task) (report, error) {
	answer, err := c.Get(fmt.Sprintf("%s/silence?seconds=%d", t.Origin, t.Silence))
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	return report{"said": string(said)}, err
}

func refusal(c *http.Client, t task) (report, error) {
	answer, err := c.Get(t.Refused)
	if err != nil {
		return report{"said": err.Error()}, nil
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	return report{"said": answer.Status + " " + string(said)}, err
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	if len(os.Args) < 2 {
		fmt.Println("net/http of " + strings.Replace(runtime.Version(), "go", "Go ", 1))
		return
	}
	var t task
	check(json.Unmarshal([]byte(os.Args[1]), &t))
	c := client(t)
	deeds := map[string]func(*http.Client, task) (report, error){
		"download": download, "upload": upload, "silence": silence, "refusal": refusal}
	for _, name := range t.Deeds {
		deed, err := deeds[name], errors.New("no such deed")
		result, from := report{}, time.Now()
		if deed != nil {
			result, err = deed(c, t)
		}
		if err != nil {
			result = report{"error": err.Error()}
		}
		result["deed"], result["seconds"] = name, time.Since(from).Seconds()
		check(json.NewEncoder(os.Stdout).Encode(result))
	}
}
