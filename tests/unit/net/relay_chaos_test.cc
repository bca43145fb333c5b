// Relays under peers that write in odd pieces, stall, half-close and reset: whatever happens, each
// side gets the other's octets, in order, up to where the other ended, and learns how it ended.
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <random>
#include <thread>

#include "tests/unit/net/relay_fixture.h"

namespace net {
namespace {

enum class Ending { kFin, kReset };

struct Script {
  unsigned seed = 0;
  std::uint64_t octets = 0;  // to write before the ending
  Ending ending = Ending::kFin;
};

// Octet `at` of the stream with this seed.
char octet(unsigned seed, std::uint64_t at) {
  std::uint64_t mixed = (at + 1) * 0x9E3779B97F4A7C15ULL + seed;
  mixed ^= mixed >> 29;
  return static_cast<char>(mixed & 0xff);
}

// Pauses as a slow peer does, now and then.
void dawdle(std::mt19937& random) {
  if (random() % 16 == 0) ::poll(nullptr, 0, 1);
}

// False when the peer was gone before all was written: the kernel tells a reset once, to whoever
// comes first, and the reader of this socket may then find an ordinary end.
bool write_stream(int fd, const Script& script) {
  std::mt19937 random(script.seed);
  std::string piece;
  for (std::uint64_t at = 0; at < script.octets;) {
    // Often a few octets, sometimes enough to be spliced.
    const std::uint64_t most = random() % 4 == 0 ? 200'000 : 300;
    piece.resize(std::min<std::uint64_t>(random() % most + 1, script.octets - at));
    for (char& each : piece) each = octet(script.seed, at++);
    for (std::string_view left = piece; !left.empty();) {
      const ssize_t put = ::send(fd, left.data(), left.size(), MSG_NOSIGNAL);
      if (put < 0) return false;
      left.remove_prefix(static_cast<size_t>(put));
    }
    dawdle(random);
  }
  return true;
}

struct Received {
  std::uint64_t octets = 0;
  bool in_order = true;
  Ending ending = Ending::kFin;
};

Received read_stream(int fd, unsigned seed) {
  std::mt19937 random(seed + 1);
  Received out;
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t got = ::recv(fd, buffer.data(), random() % buffer.size() + 1, 0);
    if (got < 0) out.ending = Ending::kReset;
    if (got <= 0) return out;
    for (ssize_t i = 0; i < got; ++i)
      out.in_order = out.in_order && buffer[static_cast<size_t>(i)] == octet(seed, out.octets++);
    dawdle(random);
  }
}

// One side of the tunnel: writes and reads at the same time, then ends as its script says.
Received play(int fd, const Script& mine, const Script& theirs) {
  Received got;
  std::thread reader([&] { got = read_stream(fd, theirs.seed); });
  const bool written = write_stream(fd, mine);
  if (mine.ending == Ending::kReset) {
    // The reader holds the descriptor: connecting to nowhere resets without closing it. By its
    // number, because ThreadSanitizer takes connect(2) for the making of a descriptor, which the
    // reader would race with.
    const sockaddr nowhere{AF_UNSPEC, {}};
    ::syscall(SYS_connect, fd, &nowhere, sizeof nowhere);
  } else {
    ::shutdown(fd, SHUT_WR);
  }
  reader.join();
  ::close(fd);
  if (!written) got.ending = Ending::kReset;
  return got;
}

struct Setting {
  const char* name;
  int kernel_buffer;  // octets, 0 for the system's own
  std::uint32_t pipes;
  bool streams = false;  // a StreamRelay
};

void PrintTo(const Setting& setting, std::ostream* out) { *out << setting.name; }

class RelayChaos : public test::RelayTest, public testing::WithParamInterface<Setting> {};

TEST_P(RelayChaos, DeliversWhatWasSentAndHowItEnded) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  connect(GetParam().kernel_buffer);
  max_pipes_ = GetParam().pipes;
  if (GetParam().streams) engine_ = test::Engine::kStreams;
  const auto script = [&] {
    const std::uint64_t most = GetParam().kernel_buffer > 0 ? 300'000 : 4'000'000;
    return Script{static_cast<unsigned>(random()), random() % most,
                  random() % 4 == 0 ? Ending::kReset : Ending::kFin};
  };
  const Script from_client = script();
  const Script from_origin = script();
  start();
  Received at_origin;
  std::thread origin([&] { at_origin = play(origin_, from_origin, from_client); });
  const Received at_client = play(client_, from_client, from_origin);
  origin.join();
  const RelayOutcome end = outcome();

  EXPECT_TRUE(at_client.in_order);
  EXPECT_TRUE(at_origin.in_order);
  EXPECT_LE(at_origin.octets, from_client.octets);
  EXPECT_LE(at_client.octets, from_origin.octets);
  EXPECT_LE(at_origin.octets, end.to_origin);
  EXPECT_LE(at_client.octets, end.to_client);
  if (from_client.ending == Ending::kFin && from_origin.ending == Ending::kFin) {
    EXPECT_FALSE(end.error) << end.error->detail;
    EXPECT_EQ(at_origin.octets, from_client.octets);
    EXPECT_EQ(at_client.octets, from_origin.octets);
    EXPECT_EQ(end.to_origin, from_client.octets);
    EXPECT_EQ(end.to_client, from_origin.octets);
    return;
  }
  // The cut shows: an orderly end comes only after all of a stream that ended in order.
  if (at_origin.ending == Ending::kFin && from_origin.ending == Ending::kFin) {
    EXPECT_EQ(from_client.ending, Ending::kFin);
    EXPECT_EQ(at_origin.octets, from_client.octets);
  }
  if (at_client.ending == Ending::kFin && from_client.ending == Ending::kFin) {
    EXPECT_EQ(from_origin.ending, Ending::kFin);
    EXPECT_EQ(at_client.octets, from_origin.octets);
  }
}

constexpr Setting kSettings[] = {
    {"copying", 0, 0},          {"splicing", 0, 8},      {"copying_tiny", 4096, 0},
    {"splicing_tiny", 4096, 8}, {"streams", 0, 0, true}, {"streams_tiny", 4096, 0, true},
};
INSTANTIATE_TEST_SUITE_P(Paths, RelayChaos, testing::ValuesIn(kSettings),
                         [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace net
