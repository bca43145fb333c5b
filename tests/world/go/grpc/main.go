// grpc-go. The proxy is what HTTPS_PROXY says; one with an https:// URL it doesn't know.
package main

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"world/deeds"
	"world/grpcapi"
)

type client struct {
	task       deeds.Task
	connection *grpc.ClientConn
}

func connect(t deeds.Task, url string) *grpc.ClientConn {
	target := "dns:///" + strings.Split(strings.TrimPrefix(url, "https://"), "/")[0]
	connection, err := grpc.NewClient(target,
		grpc.WithTransportCredentials(credentials.NewTLS(&tls.Config{RootCAs: t.RootsPool()})),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(grpcapi.Codec{})))
	deeds.Check(err)
	return connection
}

// call opens a stream and sends what is asked for.
func (c client) call(name string, asked grpcapi.Asked) (grpc.ClientStream, error) {
	descriptions := grpcapi.Streams(nil, nil, nil)
	for i := range descriptions {
		if descriptions[i].StreamName == name {
			stream, err := c.connection.NewStream(context.Background(), &descriptions[i],
				"/"+grpcapi.Service+"/"+name)
			if err != nil || name == "Upload" {
				return stream, err
			}
			request, _ := json.Marshal(asked)
			if err := stream.SendMsg(&request); err != nil {
				return nil, err
			}
			return stream, stream.CloseSend()
		}
	}
	panic(name)
}

// each message until the stream's end.
func each(stream grpc.ClientStream, take func([]byte)) error {
	for {
		var message []byte
		err := stream.RecvMsg(&message)
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		take(message)
	}
}

func (c client) octets(stream, bytes, size int, take func([]byte)) error {
	call, err := c.call("Download", grpcapi.Asked{Stream: stream, Bytes: bytes, Size: size})
	if err != nil {
		return err
	}
	return each(call, take)
}

func (c client) download() (deeds.Report, error) {
	sums, err := c.task.AtOnce(func(stream int) (string, error) {
		hash := sha256.New()
		err := c.octets(stream, c.task.Bytes, c.task.Read, func(octets []byte) { hash.Write(octets) })
		return hex.EncodeToString(hash.Sum(nil)), err
	})
	return deeds.Report{"sums": sums, "protocol": "gRPC"}, err
}

func (c client) upload() (deeds.Report, error) {
	var messages [][]byte
	err := c.octets(0, c.task.Upload, 16<<10, func(octets []byte) { messages = append(messages, octets) })
	if err != nil {
		return nil, err
	}
	call, err := c.call("Upload", grpcapi.Asked{})
	if err != nil {
		return nil, err
	}
	for _, message := range messages {
		if err := call.SendMsg(&message); err != nil {
			break // RecvMsg says why
		}
	}
	if err := call.CloseSend(); err != nil {
		return nil, err
	}
	said := deeds.Report{}
	return said, each(call, func(answer []byte) { err = json.Unmarshal(answer, &said) })
}

func (c client) silence() (deeds.Report, error) {
	call, err := c.call("Silence", grpcapi.Asked{Seconds: c.task.Silence})
	if err != nil {
		return nil, err
	}
	said := ""
	err = each(call, func(message []byte) { said += string(message) })
	return deeds.Report{"said": said}, err
}

// refusal asks the denied host; inspected, it asks for a service below the denied path.
func (c client) refusal() (deeds.Report, error) {
	connection := connect(c.task, c.task.Refused)
	request, answer := []byte{}, []byte{}
	err := connection.Invoke(context.Background(), "/denied/Ask", &request, &answer)
	if err == nil {
		return deeds.Report{"said": "answered"}, nil
	}
	return deeds.Report{"said": err.Error()}, nil
}

func main() {
	deeds.Main(deeds.Version("grpc-go", "google.golang.org/grpc"), func(t deeds.Task) deeds.Deeds {
		os.Setenv("HTTPS_PROXY", t.Proxy)
		c := client{t, connect(t, t.Origin)}
		return deeds.Deeds{"download": c.download, "upload": c.upload, "silence": c.silence, "refusal": c.refusal}
	})
}
