// An origin of gRPC, see package grpcapi.
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"world/grpcapi"
	"world/octets"
	"world/serve"
)

func asked(stream grpc.ServerStream) (what grpcapi.Asked, err error) {
	var request []byte
	if err = stream.RecvMsg(&request); err == nil {
		err = json.Unmarshal(request, &what)
	}
	return what, err
}

func download(_ any, stream grpc.ServerStream) error {
	what, err := asked(stream)
	if err != nil {
		return err
	}
	return octets.Pieces(what.Stream, what.Bytes, what.Size, func(piece []byte) error {
		return stream.SendMsg(&piece)
	})
}

func upload(_ any, stream grpc.ServerStream) error {
	hash, bytes := sha256.New(), 0
	time.Sleep(500 * time.Millisecond)
	for ; ; time.Sleep(2 * time.Millisecond) {
		var message []byte
		err := stream.RecvMsg(&message)
		if err == io.EOF {
			break
		} else if err != nil {
			return err
		}
		hash.Write(message)
		bytes += len(message)
	}
	answer, err := json.Marshal(map[string]any{"bytes": bytes, "sum": hex.EncodeToString(hash.Sum(nil))})
	if err != nil {
		return err
	}
	return stream.SendMsg(&answer)
}

func silence(_ any, stream grpc.ServerStream) error {
	what, err := asked(stream)
	if err != nil {
		return err
	}
	before, after := []byte("before\n"), []byte("after\n")
	if err := stream.SendMsg(&before); err != nil {
		return err
	}
	select {
	case <-time.After(time.Duration(what.Seconds) * time.Second):
		return stream.SendMsg(&after)
	case <-stream.Context().Done():
		return stream.Context().Err()
	}
}

func main() {
	listener, certificate, key := serve.Listener()
	identity, err := credentials.NewServerTLSFromFile(certificate, key)
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer(grpc.Creds(identity), grpc.ForceServerCodec(grpcapi.Codec{}))
	server.RegisterService(&grpc.ServiceDesc{ServiceName: grpcapi.Service, HandlerType: (*any)(nil),
		Streams: grpcapi.Streams(download, upload, silence)}, nil)
	log.Fatal(server.Serve(listener))
}
