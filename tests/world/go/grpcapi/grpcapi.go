// Package grpcapi is a service of gRPC whose messages are octets as they are, so that no language needs a
// compiler for it: world.World/Download, Upload and Silence. A request is JSON.
package grpcapi

import (
	"fmt"

	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"
)

// Asked is the request of Download and Silence.
type Asked struct{ Stream, Bytes, Size, Seconds int }

// Codec passes octets on.
type Codec struct{}

func (Codec) Name() string { return "octets" }

func (Codec) Marshal(value any) ([]byte, error) { return *value.(*[]byte), nil }

func (Codec) Unmarshal(octets []byte, value any) error {
	to, ok := value.(*[]byte)
	if !ok {
		return fmt.Errorf("%T is no *[]byte", value)
	}
	*to = append([]byte(nil), octets...)
	return nil
}

var _ encoding.Codec = Codec{}

// Streams of the service; the handlers are the server's.
func Streams(download, upload, silence grpc.StreamHandler) []grpc.StreamDesc {
	return []grpc.StreamDesc{
		{StreamName: "Download", Handler: download, ServerStreams: true},
		{StreamName: "Upload", Handler: upload, ClientStreams: true},
		{StreamName: "Silence", Handler: silence, ServerStreams: true},
	}
}

// Service by name.
const Service = "world.World"
