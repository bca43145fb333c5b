// go-containerregistry, the library of crane: pushes and pulls an image with a layer for each stream. The layers'
// content is the streams' octets as they are, so that their digests are the streams' sums.
package main

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"world/deeds"
	"world/octets"
)

type client struct {
	task deeds.Task
	ways map[string]remote.Option
}

// repository of this task at the registry of the URL, which may have a path that stands before others.
func (c client) repository(url, tag string) name.Reference {
	host, path, _ := strings.Cut(strings.TrimPrefix(url, "https://"), "/")
	reference, err := name.ParseReference(fmt.Sprintf("%s/%s/image:%s", host,
		strings.Trim(path+"/"+strings.ReplaceAll(c.task.Way, "+", "-"), "/"), tag))
	deeds.Check(err)
	return reference
}

func layer(stream, bytes int) v1.Layer {
	var content strings.Builder
	octets.Write(&content, stream, bytes)
	return static.NewLayer([]byte(content.String()), types.OCILayer)
}

func (c client) push(way, tag string, layers ...v1.Layer) error {
	image, err := mutate.AppendLayers(empty.Image, layers...)
	if err != nil {
		return err
	}
	return remote.Write(c.repository(c.task.Origin, tag), image, c.ways[way], remote.WithJobs(c.task.Streams))
}

// sums of the image's layers as they arrive, all at once.
func (c client) sums(way, tag string) ([]string, error) {
	image, err := remote.Image(c.repository(c.task.Origin, tag), c.ways[way])
	if err != nil {
		return nil, err
	}
	layers, err := image.Layers()
	if err != nil {
		return nil, err
	}
	task := c.task
	task.Streams = len(layers)
	return task.AtOnce(func(stream int) (string, error) {
		content, err := layers[stream].Compressed() // as they are at the registry
		if err != nil {
			return "", err
		}
		defer content.Close()
		return deeds.Sum(content, c.task.Read)
	})
}

func (c client) download() (deeds.Report, error) {
	var layers []v1.Layer
	for stream := 0; stream < c.task.Streams; stream++ {
		layers = append(layers, layer(stream, c.task.Bytes))
	}
	if err := c.push("direct", "download", layers...); err != nil {
		return nil, err
	}
	from := time.Now()
	sums, err := c.sums("proxy", "download")
	return deeds.Report{"sums": sums, "protocol": "registry", "seconds": time.Since(from).Seconds()}, err
}

func (c client) upload() (deeds.Report, error) {
	if err := c.push("proxy", "upload", layer(0, c.task.Upload)); err != nil {
		return nil, err
	}
	sums, err := c.sums("direct", "upload")
	if err != nil {
		return nil, err
	}
	return deeds.Report{"bytes": c.task.Upload, "sum": sums[0]}, nil
}

func (c client) refusal() (deeds.Report, error) {
	_, err := remote.Image(c.repository(c.task.Refused, "refusal"), c.ways["proxy"])
	if err == nil {
		return deeds.Report{"said": "answered"}, nil
	}
	return deeds.Report{"said": err.Error()}, nil
}

func main() {
	version := deeds.Version("go-containerregistry", "github.com/google/go-containerregistry")
	deeds.Main(version, func(t deeds.Task) deeds.Deeds {
		by := remote.DefaultTransport.(*http.Transport).Clone()
		by.Proxy, by.TLSClientConfig = http.ProxyURL(t.ProxyURL()), &tls.Config{RootCAs: t.RootsPool()}
		direct := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DialContext: t.DialOrigin}
		c := client{t, map[string]remote.Option{
			"proxy": remote.WithTransport(by), "direct": remote.WithTransport(direct)}}
		return deeds.Deeds{"download": c.download, "upload": c.upload, "refusal": c.refusal}
	})
}
