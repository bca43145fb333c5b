// Package octets makes pseudo-random octets, the same in every run, and other ones for each stream.
package octets

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"math/rand"
	"sync"
)

// Streams start at different places of one block, and go round in it.
const (
	blockBytes = 64 << 20
	stride     = 1_000_003
)

var block = sync.OnceValue(func() []byte {
	octets := make([]byte, blockBytes)
	rand.New(rand.NewSource(1)).Read(octets)
	return octets
})

// Pieces of the stream, each of at most `size` octets, until there were `bytes` or `take` fails.
func Pieces(stream, bytes, size int, take func([]byte) error) error {
	for at := stream * stride % blockBytes; bytes > 0; at %= blockBytes {
		count := min(bytes, size, blockBytes-at)
		if err := take(block()[at : at+count]); err != nil {
			return err
		}
		at += count
		bytes -= count
	}
	return nil
}

// Write the stream's first octets.
func Write(to io.Writer, stream, bytes int) error {
	return Pieces(stream, bytes, 32<<10, func(piece []byte) error {
		_, err := to.Write(piece)
		return err
	})
}

var sums sync.Map // of [2]int{stream, bytes} to string

// Sum is the SHA-256 of the stream's first octets.
func Sum(stream, bytes int) string {
	key := [2]int{stream, bytes}
	if known, ok := sums.Load(key); ok {
		return known.(string)
	}
	hash := sha256.New()
	Write(hash, stream, bytes)
	text := hex.EncodeToString(hash.Sum(nil))
	sums.Store(key, text)
	return text
}
