// As much of a Kubernetes API server as shows what its connections carry: logs, watches and exec of pods that
// do not exist. A log is a stream of octets, a command returns its input.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/websocket"
	"k8s.io/apimachinery/pkg/util/httpstream"
	"k8s.io/apimachinery/pkg/util/httpstream/spdy"

	"world/octets"
	"world/serve"
)

const (
	pods    = "/api/v1/namespaces/world/pods"
	success = `{"kind":"Status","apiVersion":"v1","status":"Success"}`
	v5      = "v5.channel.k8s.io"
)

// logs of the pod NAME-N: the octets of stream N, as many as limitBytes says.
func logs(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("pod")
	stream, err := strconv.Atoi(name[strings.LastIndex(name, "-")+1:])
	bytes, err2 := strconv.Atoi(r.URL.Query().Get("limitBytes"))
	if err != nil || err2 != nil {
		http.Error(w, "no such log", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "text/plain")
	octets.Write(w, stream, bytes)
}

// watch sends as many events as the labelSelector `events=N` says, and the last after `silence=N` seconds.
func watch(w http.ResponseWriter, r *http.Request) {
	events, silence := 0, 0
	for _, label := range strings.Split(r.URL.Query().Get("labelSelector"), ",") {
		fmt.Sscanf(label, "events=%d", &events)
		fmt.Sscanf(label, "silence=%d", &silence)
	}
	w.Header().Set("Content-Type", "application/json")
	to := json.NewEncoder(w)
	for event := 1; event <= events; event++ {
		if event == events && silence > 0 {
			select {
			case <-time.After(time.Duration(silence) * time.Second):
			case <-r.Context().Done():
				return
			}
		}
		if to.Encode(map[string]any{"type": "ADDED", "object": map[string]any{
			"kind": "Pod", "apiVersion": "v1", "metadata": map[string]any{
				"name": fmt.Sprintf("pod-%d", event), "namespace": "world", "resourceVersion": strconv.Itoa(event),
				"annotations": map[string]string{"filler": strings.Repeat("x", 1000)}}}}) != nil {
			return
		}
		http.NewResponseController(w).Flush()
	}
}

func exec(w http.ResponseWriter, r *http.Request) {
	if websocket.IsWebSocketUpgrade(r) {
		execByWebSocket(w, r)
	} else {
		execBySPDY(w, r)
	}
}

// The first octet of a message is its channel; 255 says which one ends.
func execByWebSocket(w http.ResponseWriter, r *http.Request) {
	connection, err := (&websocket.Upgrader{Subprotocols: []string{v5}}).Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer connection.Close()
	for {
		_, message, err := connection.ReadMessage()
		if err != nil || len(message) == 0 {
			return
		}
		if message[0] == 255 {
			break
		}
		if message[0] = 1; len(message) > 1 && connection.WriteMessage(websocket.BinaryMessage, message) != nil {
			return
		}
	}
	connection.WriteMessage(websocket.BinaryMessage, append([]byte{3}, success...))
	connection.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""),
		time.Now().Add(time.Second))
	connection.ReadMessage() // the client's close
}

func execBySPDY(w http.ResponseWriter, r *http.Request) {
	if _, err := httpstream.Handshake(r, w, []string{"v4.channel.k8s.io"}); err != nil {
		log.Print(err)
		return
	}
	arriving := make(chan httpstream.Stream, 3)
	connection := spdy.NewResponseUpgrader().UpgradeResponse(w, r,
		func(stream httpstream.Stream, _ <-chan struct{}) error {
			arriving <- stream
			return nil
		})
	if connection == nil {
		return
	}
	defer connection.Close()
	streams := map[string]httpstream.Stream{}
	for len(streams) < 3 {
		stream := <-arriving
		streams[stream.Headers().Get("streamType")] = stream
	}
	if _, err := io.Copy(streams["stdout"], streams["stdin"]); err != nil {
		log.Printf("SPDY: %v", err)
		return
	}
	streams["stdout"].Close()
	io.WriteString(streams["error"], success)
	streams["error"].Close()
	<-connection.CloseChan()
}

func main() {
	http.HandleFunc("GET "+pods+"/{pod}/log", logs)
	http.HandleFunc("GET "+pods, watch)
	http.HandleFunc(pods+"/{pod}/exec", exec)
	listener, certificate, key := serve.Listener()
	log.Fatal((&http.Server{}).ServeTLS(listener, certificate, key))
}
