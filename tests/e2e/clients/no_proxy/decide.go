// Asks golang.org/x/net/http/httpproxy which proxy it takes; the protocol is that of decide.py.
package main

import (
	"bufio"
	"encoding/json"
	"net/url"
	"os"

	"golang.org/x/net/http/httpproxy"
)

type question struct {
	URL string            `json:"url"`
	Env map[string]string `json:"env"`
}

func answer(asked question) map[string]interface{} {
	os.Clearenv()
	for name, value := range asked.Env {
		os.Setenv(name, value)
	}
	target, err := url.Parse(asked.URL)
	if err != nil {
		return map[string]interface{}{"error": err.Error()}
	}
	proxy, err := httpproxy.FromEnvironment().ProxyFunc()(target)
	if err != nil {
		return map[string]interface{}{"error": err.Error()}
	}
	if proxy == nil {
		return map[string]interface{}{"proxy": nil}
	}
	return map[string]interface{}{"proxy": proxy.String()}
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var asked question
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			panic(err)
		}
		if err := out.Encode(answer(asked)); err != nil {
			panic(err)
		}
	}
}
