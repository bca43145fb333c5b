// Package deeds has what clients in Go share: the task that they are given, and the deeds of those that have an
// http.Client. Only the standard library of Go 1.19, since Debian's compiles it as well.
package deeds

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"time"
)

// Task is what a client is asked to do: see tests/world/README.md.
type Task struct {
	Way                           string
	Proxy, Origin, Refused, Roots string
	Deeds                         []string
	Streams, Bytes, Read          int
	Upload, Silence               int
}

// Report is what came of a deed.
type Report map[string]any

// Deeds by name.
type Deeds map[string]func() (Report, error)

// ProxyURL of the task.
func (t Task) ProxyURL() *url.URL {
	proxy, err := url.Parse(t.Proxy)
	Check(err)
	return proxy
}

// RootsPEM is what the client trusts.
func (t Task) RootsPEM() []byte {
	pem, err := os.ReadFile(t.Roots)
	Check(err)
	return pem
}

// RootsPool is the same for crypto/tls.
func (t Task) RootsPool() *x509.CertPool {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(t.RootsPEM())
	return roots
}

// DialOrigin goes past the proxy, to the address where the origins live.
func (t Task) DialOrigin(ctx context.Context, network, address string) (net.Conn, error) {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	return new(net.Dialer).DialContext(ctx, network, net.JoinHostPort("127.77.0.1", port))
}

// Check ends the program if there is an error.
func Check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Version is of Go, and of a module of this program.
func Version(name, module string) string {
	text := strings.Replace(runtime.Version(), "go", "Go ", 1)
	if built, ok := debug.ReadBuildInfo(); ok {
		for _, each := range built.Deps {
			if each.Path == module {
				return name + " " + strings.TrimPrefix(each.Version, "v") + ", " + text
			}
		}
	}
	return name + ", " + text
}

// Main does the task of the command line; without one it prints the version.
func Main(version string, make func(Task) Deeds) {
	if len(os.Args) < 2 {
		fmt.Println(version)
		return
	}
	var t Task
	Check(json.Unmarshal([]byte(os.Args[1]), &t))
	deeds := make(t)
	for _, name := range t.Deeds {
		deed, err := deeds[name], errors.New("no such deed")
		result, from := Report{}, time.Now()
		if deed != nil {
			result, err = deed()
		}
		if err != nil {
			result = Report{"error": err.Error()}
		}
		if result["deed"] = name; result["seconds"] == nil {
			result["seconds"] = time.Since(from).Seconds()
		}
		Check(json.NewEncoder(os.Stdout).Encode(result))
	}
}

// Sum is the SHA-256 of what is read, `size` octets at a time, as a program with a small buffer does.
func Sum(body io.Reader, size int) (string, error) {
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

// AtOnce asks `one` for the sum of each stream, all at the same time.
func (t Task) AtOnce(one func(stream int) (string, error)) ([]string, error) {
	sums, failures := make([]string, t.Streams), make([]error, t.Streams)
	var all sync.WaitGroup
	for stream := range sums {
		all.Add(1)
		go func(stream int) {
			defer all.Done()
			sums[stream], failures[stream] = one(stream)
		}(stream)
	}
	all.Wait()
	for _, err := range failures {
		if err != nil {
			return nil, err
		}
	}
	return sums, nil
}

// OfHTTP are the deeds of an http.Client.
func OfHTTP(c *http.Client, t Task) Deeds {
	return Deeds{
		"download": func() (Report, error) {
			protocols := make([]string, t.Streams)
			sums, err := t.AtOnce(func(stream int) (string, error) {
				answer, err := get(c, "%s/octets?stream=%d&bytes=%d", t.Origin, stream, t.Bytes)
				if err != nil {
					return "", err
				}
				defer answer.Body.Close()
				protocols[stream] = answer.Proto
				return Sum(answer.Body, t.Read)
			})
			return Report{"sums": sums, "protocol": protocols[0]}, err
		},
		"upload": func() (Report, error) {
			answer, err := get(c, "%s/octets?stream=0&bytes=%d", t.Origin, t.Upload)
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
			said := Report{}
			return said, json.NewDecoder(answer.Body).Decode(&said)
		},
		"silence": func() (Report, error) { return said(get(c, "%s/silence?seconds=%d", t.Origin, t.Silence)) },
		"break":   func() (Report, error) { return said(get(c, "%s/break", t.Origin)) },
		"refusal": func() (Report, error) {
			answer, err := c.Get(t.Refused)
			if err != nil {
				return Report{"said": err.Error()}, nil
			}
			defer answer.Body.Close()
			said, err := io.ReadAll(answer.Body)
			return Report{"said": answer.Status + " " + string(said)}, err
		},
	}
}

func said(answer *http.Response, err error) (Report, error) {
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	all, err := io.ReadAll(answer.Body)
	return Report{"said": string(all)}, err
}

func get(c *http.Client, format string, values ...any) (*http.Response, error) {
	answer, err := c.Get(fmt.Sprintf(format, values...))
	if err == nil && answer.StatusCode != http.StatusOK {
		answer.Body.Close()
		err = errors.New(answer.Status)
	}
	return answer, err
}
