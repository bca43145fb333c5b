// What one HTTP/2 connection may cost us, and what it tells its peer (RFC 9113 §6.5).
#pragma once

#include <cstddef>
#include <cstdint>

#include "http/limits.h"

namespace http::h2 {

// Tokens: `burst` at once, `per_second` for good.
struct Rate {
  std::uint32_t burst = 0;
  std::uint32_t per_second = 0;
};

struct Settings {
  Limits head;

  // SETTINGS_MAX_CONCURRENT_STREAMS; 100 is what RFC 9113 §6.5.2 asks for at least.
  std::uint32_t max_streams = 100;
  // Content of a stream that may be here or on its way unconsumed: at first, and at most once it
  // was consumed as fast as it came. These bound memory.
  std::uint32_t stream_window = 32 * 1024;
  std::uint32_t most_stream_window = 1024 * 1024;
  // Content of all streams that may be on its way. It is given back on receipt, so that streams
  // whose content nobody takes can't stop the others, and bounds nothing that is held; the size is
  // a round trip of 100 ms at 1 Gbit/s.
  std::uint32_t connection_window = 16 * 1024 * 1024;
  // What the streams of a client may hold if nobody says otherwise (Allowance).
  size_t held_bytes = 64 * 1024 * 1024;

  // Octets of frames kept for the socket; no more are made while it holds so many.
  size_t output_bytes = 64 * 1024;
  // Octets of content taken from the owner and not yet in a frame, of a stream.
  size_t pending_bytes = 32 * 1024;
  // Heads up to so many times their limit are unfolded and answered; more ends the connection.
  std::uint32_t unfolded_heads = 2;
  // Interim response heads that wait to be taken.
  std::uint32_t waiting_heads = 8;

  // Streams that end because the peer reset them before they were answered, or made us reset them
  // (CVE-2023-44487, CVE-2025-8671). A client that gives up on 50 requests a second is none we can
  // help.
  Rate resets{200, 50};
  // Frames that carry nothing: empty DATA, PING, SETTINGS, PRIORITY, WINDOW_UPDATE, RST_STREAM of
  // what is answered. (Those of unknown types are skipped, which costs no more than reading them.)
  // What we send pays for its answers: each frame of DATA or HEADERS for four, and content for one
  // in 512 octets. A receiver that reads 1 KiB at a time and gives it back to both windows sends
  // twice that many, so 32 for 16 KiB; Go's reads of 4 KiB make eight. Taking one costs us some
  // 0.1 us, sending 512 octets more.
  Rate idle_frames{1000, 200};
  std::uint32_t idle_frames_per_frame = 4;
  std::uint32_t octets_per_idle_frame = 512;
  // CONTINUATION frames of a head (VU#421644); with the first HEADERS frame that is 144 KiB.
  std::uint32_t continuations = 8;
  // SETTINGS and PING acknowledgements that wait to be sent, and entries of a SETTINGS frame.
  std::uint32_t waiting_acks = 100;
  std::uint32_t settings_entries = 32;
  // Frames that wait to be sent, of any kind.
  std::uint32_t waiting_frames = 1000;
};

}  // namespace http::h2
