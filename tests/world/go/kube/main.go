// client-go: logs, watches, and exec over SPDY and WebSocket.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/remotecommand"

	"world/deeds"
	"world/octets"
)

const (
	pods   = "/api/v1/namespaces/world/pods"
	events = 2000
)

type client struct {
	task   deeds.Task
	config *rest.Config
	raw    *http.Client
}

func (c client) get(url string) (*http.Response, error) {
	answer, err := c.raw.Get(url)
	if err == nil && answer.StatusCode != http.StatusOK {
		answer.Body.Close()
		err = errors.New(answer.Status)
	}
	return answer, err
}

func (c client) download() (deeds.Report, error) {
	protocols := make([]string, c.task.Streams)
	sums, err := c.task.AtOnce(func(stream int) (string, error) {
		answer, err := c.get(fmt.Sprintf("%s%s/pod-%d/log?limitBytes=%d", c.task.Origin, pods, stream, c.task.Bytes))
		if err != nil {
			return "", err
		}
		defer answer.Body.Close()
		protocols[stream] = answer.Proto
		return deeds.Sum(answer.Body, c.task.Read)
	})
	return deeds.Report{"sums": sums, "protocol": protocols[0]}, err
}

// watch counts the events that arrive, which have to be in order.
func (c client) watch(selector string) (int, error) {
	dynamic, err := dynamic.NewForConfig(c.config)
	if err != nil {
		return 0, err
	}
	watch, err := dynamic.Resource(schema.GroupVersionResource{Version: "v1", Resource: "pods"}).Namespace("world").
		Watch(context.Background(), metav1.ListOptions{LabelSelector: selector})
	if err != nil {
		return 0, err
	}
	defer watch.Stop()
	count := 0
	for event := range watch.ResultChan() {
		pod, ok := event.Object.(*unstructured.Unstructured)
		if count++; !ok || pod.GetName() != fmt.Sprintf("pod-%d", count) {
			return count, fmt.Errorf("event %d is %v", count, event)
		}
	}
	return count, nil
}

func (c client) watchMany() (deeds.Report, error) {
	count, err := c.watch(fmt.Sprintf("events=%d", events))
	if err == nil && count != events {
		err = fmt.Errorf("%d events in place of %d", count, events)
	}
	return deeds.Report{}, err
}

func (c client) silence() (deeds.Report, error) {
	count, err := c.watch(fmt.Sprintf("events=2,silence=%d", c.task.Silence))
	return deeds.Report{"said": strings.Join([]string{"before", "after"}[:count], "\n")}, err
}

// exec sends input to a command that returns it.
func (c client) exec(executor remotecommand.Executor, err error) (deeds.Report, error) {
	if err != nil {
		return nil, err
	}
	var input, output bytes.Buffer
	octets.Write(&input, 0, c.task.Upload)
	err = executor.StreamWithContext(context.Background(),
		remotecommand.StreamOptions{Stdin: &input, Stdout: &output})
	sum := sha256.Sum256(output.Bytes())
	return deeds.Report{"bytes": output.Len(), "sum": hex.EncodeToString(sum[:])}, err
}

func (c client) execURL() *url.URL {
	target, err := url.Parse(c.task.Origin + pods + "/pod-0/exec?command=cat&stdin=true&stdout=true")
	deeds.Check(err)
	return target
}

func (c client) refusal() (deeds.Report, error) {
	return deeds.OfHTTP(c.raw, c.task)["refusal"]()
}

func main() {
	deeds.Main(deeds.Version("client-go", "k8s.io/client-go"), func(t deeds.Task) deeds.Deeds {
		config := &rest.Config{Host: t.Origin, Proxy: http.ProxyURL(t.ProxyURL()), QPS: -1,
			TLSClientConfig: rest.TLSClientConfig{CAData: t.RootsPEM()}}
		raw, err := rest.HTTPClientFor(config)
		deeds.Check(err)
		c := client{t, config, raw}
		return deeds.Deeds{"download": c.download, "watch": c.watchMany, "silence": c.silence, "refusal": c.refusal,
			"exec-spdy": func() (deeds.Report, error) {
				return c.exec(remotecommand.NewSPDYExecutor(config, http.MethodPost, c.execURL()))
			},
			"exec-websocket": func() (deeds.Report, error) {
				return c.exec(remotecommand.NewWebSocketExecutor(config, http.MethodGet, c.execURL().String()))
			}}
	})
}
