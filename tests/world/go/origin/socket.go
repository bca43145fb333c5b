package main

import (
	"crypto/sha256"
	"encoding/hex"
	"log"
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"world/octets"
)

// socket does what other requests ask for, in messages: octets, where `bytes` is given; a silence, where
// `seconds` is; one message and no end, where `break` is; else it takes an upload, which an empty message ends.
func socket(w http.ResponseWriter, r *http.Request) {
	connection, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer connection.Close()
	asked := r.URL.Query()
	if asked.Has("bytes") {
		err = octets.Pieces(number(r, "stream"), number(r, "bytes"), 4096, func(piece []byte) error {
			return connection.WriteMessage(websocket.BinaryMessage, piece)
		})
	} else if asked.Has("seconds") {
		err = connection.WriteMessage(websocket.TextMessage, []byte("before\n"))
		time.Sleep(time.Duration(number(r, "seconds")) * time.Second)
		if err == nil {
			err = connection.WriteMessage(websocket.TextMessage, []byte("after\n"))
		}
	} else if asked.Has("break") {
		connection.WriteMessage(websocket.TextMessage, []byte("before\n"))
		return
	} else {
		err = takeSlowly(connection)
	}
	if err != nil {
		log.Printf("WebSocket: %v", err)
		return
	}
	connection.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""),
		time.Now().Add(time.Second))
	connection.ReadMessage() // the client's close
}

func takeSlowly(connection *websocket.Conn) error {
	hash, bytes := sha256.New(), 0
	time.Sleep(500 * time.Millisecond)
	for ; ; time.Sleep(2 * time.Millisecond) {
		_, message, err := connection.ReadMessage()
		if err != nil {
			return err
		}
		if len(message) == 0 {
			return connection.WriteJSON(map[string]any{"bytes": bytes, "sum": hex.EncodeToString(hash.Sum(nil))})
		}
		hash.Write(message)
		bytes += len(message)
	}
}
