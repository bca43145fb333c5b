// golang.org/x/net/http2: HTTP/2 inside tunnels, which are streams of HTTP/2 where the proxy offers that.
package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/http2"

	"world/deeds"
)

type client struct {
	task  deeds.Task
	roots *tls.Config
	proxy *http2.Transport // to a proxy that speaks HTTP/2
}

// tunnel is a stream whose content is a connection's.
type tunnel struct {
	io.ReadCloser
	*io.PipeWriter
}

func (t tunnel) Close() error                     { t.PipeWriter.Close(); return t.ReadCloser.Close() }
func (t tunnel) LocalAddr() net.Addr              { return nil }
func (t tunnel) RemoteAddr() net.Addr             { return nil }
func (t tunnel) SetDeadline(time.Time) error      { return nil }
func (t tunnel) SetReadDeadline(time.Time) error  { return nil }
func (t tunnel) SetWriteDeadline(time.Time) error { return nil }

func (c *client) dialProxy(ctx context.Context, protocols ...string) (net.Conn, error) {
	address := c.task.ProxyURL().Host
	if c.task.ProxyURL().Scheme == "http" {
		return new(net.Dialer).DialContext(ctx, "tcp", address)
	}
	config := c.roots.Clone()
	config.NextProtos = protocols
	return (&tls.Dialer{Config: config}).DialContext(ctx, "tcp", address)
}

// connect opens a tunnel by HTTP/1.1.
func (c *client) connect(ctx context.Context, address string) (net.Conn, error) {
	connection, err := c.dialProxy(ctx, "http/1.1")
	if err != nil {
		return nil, err
	}
	request, _ := http.NewRequestWithContext(ctx, http.MethodConnect, "http://"+address, nil)
	if err := request.Write(connection); err != nil {
		return nil, err
	}
	// The origin doesn't speak first, so what the reader has read is the answer alone.
	answer, err := http.ReadResponse(bufio.NewReader(connection), request)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = errors.New(answer.Status)
	}
	return connection, err
}

// connectStream opens one in a stream; all streams share a connection.
func (c *client) connectStream(_ context.Context, address string) (net.Conn, error) {
	reader, writer := io.Pipe()
	request, err := http.NewRequest(http.MethodConnect, "https://"+c.task.ProxyURL().Host, reader)
	if err != nil {
		return nil, err
	}
	request.Host = address
	answer, err := c.proxy.RoundTrip(request)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = errors.New(answer.Status)
	}
	if err != nil {
		return nil, err
	}
	return tunnel{answer.Body, writer}, nil
}

func main() {
	version := deeds.Version("x/net/http2", "golang.org/x/net")
	deeds.Main(version, func(t deeds.Task) deeds.Deeds {
		c := &client{task: t, roots: &tls.Config{RootCAs: t.RootsPool()}}
		if t.Way != "tls+h2" {
			return deeds.OfHTTP(&http.Client{Transport: &http2.Transport{DialTLSContext: func(
				ctx context.Context, network, address string, config *tls.Config) (net.Conn, error) {
				carrier, err := c.connect(ctx, address)
				if err != nil {
					return nil, err
				}
				inside := tls.Client(carrier, config)
				return inside, inside.HandshakeContext(ctx)
			}, TLSClientConfig: c.roots}}, t)
		}
		// A tunnel for each download: thirty streams of the connection to the proxy.
		c.proxy = &http2.Transport{DialTLSContext: func(
			ctx context.Context, network, address string, config *tls.Config) (net.Conn, error) {
			return c.dialProxy(ctx, "h2")
		}}
		return deeds.OfHTTP(&http.Client{Transport: &http.Transport{
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				return c.connectStream(ctx, address)
			}, TLSClientConfig: c.roots}}, t)
	})
}
