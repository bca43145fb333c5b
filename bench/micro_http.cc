// What a request's head costs before anything is done about it: find its end, lint, llhttp,
// semantic checks, target. A forwarded keep-alive request may take 35 µs in all
// (docs/design/README.md), so the head has to stay within one or two.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "http/head_lint.h"
#include "http/head_scanner.h"
#include "http/parse.h"
#include "http/target.h"

namespace {

// As curl sends it for a tunnel.
constexpr std::string_view kConnect =
    "CONNECT mcr.microsoft.com:443 HTTP/1.1\r\n"
    "Host: mcr.microsoft.com:443\r\n"
    "User-Agent: curl/7.88.1\r\n"
    "Proxy-Connection: Keep-Alive\r\n"
    "\r\n";

// As apt sends it for a package list.
constexpr std::string_view kGet =
    "GET http://security.ubuntu.com/ubuntu/dists/jammy-security/InRelease HTTP/1.1\r\n"
    "Host: security.ubuntu.com\r\n"
    "User-Agent: Debian APT-HTTP/1.3 (2.4.13)\r\n"
    "Accept: text/*\r\n"
    "Cache-Control: max-age=0\r\n"
    "If-Modified-Since: Tue, 03 Jun 2025 12:00:00 GMT\r\n"
    "\r\n";

constexpr std::string_view kResponse =
    "HTTP/1.1 200 OK\r\n"
    "Date: Tue, 03 Jun 2025 12:00:00 GMT\r\n"
    "Server: Apache/2.4.52 (Ubuntu)\r\n"
    "Last-Modified: Tue, 03 Jun 2025 11:58:12 GMT\r\n"
    "ETag: \"1f7e2-636a9d0f4f4c0\"\r\n"
    "Accept-Ranges: bytes\r\n"
    "Content-Length: 129026\r\n"
    "Cache-Control: max-age=1200, proxy-revalidate\r\n"
    "\r\n";

void request_head(benchmark::State& state, std::string_view bytes) {
  const http::Limits limits;
  for (auto _ : state) {
    http::HeadScanner scanner(http::MessageKind::kRequest, limits);
    const auto end = scanner.scan(bytes);
    const auto head = http::parse_request_head(bytes.substr(0, **end), limits);
    const auto target = http::parse_target(*head);
    if (!http::check_host(*head, *target)) state.SkipWithError("the head is refused");
    benchmark::DoNotOptimize(target);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK_CAPTURE(request_head, connect, kConnect);
BENCHMARK_CAPTURE(request_head, get, kGet);

void response_head(benchmark::State& state) {
  const http::Limits limits;
  for (auto _ : state) {
    http::HeadScanner scanner(http::MessageKind::kResponse, limits);
    const auto end = scanner.scan(kResponse);
    auto head = http::parse_response_head(kResponse.substr(0, **end), limits);
    if (!head) state.SkipWithError("the head is refused");
    benchmark::DoNotOptimize(head);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kResponse.size()));
}
BENCHMARK(response_head);

// The same head arriving one octet at a time: each call may look only at what is new.
void scan_byte_by_byte(benchmark::State& state) {
  for (auto _ : state) {
    http::HeadScanner scanner(http::MessageKind::kRequest, http::Limits{});
    for (std::size_t size = 1; size <= kGet.size(); ++size) {
      auto end = scanner.scan(kGet.substr(0, size));
      benchmark::DoNotOptimize(end);
    }
  }
}
BENCHMARK(scan_byte_by_byte);

// The lint's automaton alone, line by line to the end of the head.
void lint(benchmark::State& state) {
  for (auto _ : state) {
    http::HeadLint lint(http::HeadLint::Section::kRequest);
    std::string_view rest = kGet;
    while (!lint.done() && !rest.empty()) rest.remove_prefix(lint.advance(rest).consumed);
    if (!lint.done()) state.SkipWithError("the head is refused");
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kGet.size()));
}
BENCHMARK(lint);

// The name, an address and IPv6: what stands behind CONNECT.
void authority(benchmark::State& state, std::string_view text) {
  for (auto _ : state) {
    const auto parsed = http::parse_authority(text);
    if (!parsed) state.SkipWithError("the target is refused");
    benchmark::DoNotOptimize(parsed);
  }
}
BENCHMARK_CAPTURE(authority, name, "westeurope.data.mcr.microsoft.com:443");
BENCHMARK_CAPTURE(authority, v4, "192.0.2.17:443");
BENCHMARK_CAPTURE(authority, v6, "[2001:db8::17]:443");

}  // namespace
