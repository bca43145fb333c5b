// What framing adds to a body on its way through: nothing that grows with its octets, and little
// for each chunk.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "http/body.h"

namespace {

constexpr std::size_t kBody = 1 << 20;

// A body of 1 MiB in chunks of `size` octets.
std::string chunked(std::size_t size) {
  std::string body;
  for (std::size_t sent = 0; sent < kBody; sent += size) {
    body += http::chunk_prefix(size);
    body.append(size, 'x');
    body += http::kChunkSuffix;
  }
  return body += http::kLastChunk;
}

void decode(benchmark::State& state, http::ChunkDecoder decoder, std::string_view rest,
            std::size_t piece) {
  std::uint64_t content = 0;
  while (!decoder.done()) {
    const auto step = decoder.decode(rest.substr(0, piece));
    if (!step || step->consumed == 0) {
      state.SkipWithError("the body is refused");
      return;
    }
    content += step->content.size();
    rest.remove_prefix(step->consumed);
  }
  if (content != kBody) state.SkipWithError("octets are missing");
}

// As it comes out of a read of 64 KiB.
void chunked_body(benchmark::State& state) {
  const std::string body = chunked(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    decode(state, http::ChunkDecoder(http::MessageKind::kResponse, http::Limits{}), body,
           64 * 1024);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kBody));
}
BENCHMARK(chunked_body)->Arg(64)->Arg(1024)->Arg(16 * 1024);

}  // namespace
