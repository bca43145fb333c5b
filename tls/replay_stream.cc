#include "tls/replay_stream.h"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace tls {

ReplayStream::ReplayStream(std::string octets, std::unique_ptr<net::Stream> below)
    : octets_(std::move(octets)), below_(std::move(below)) {
  assert(below_ && "a ReplayStream over nothing");
}

net::IoResult ReplayStream::try_read(std::span<char> into) {
  if (left() == 0) return below_->try_read(into);
  const size_t taken = std::min(into.size(), left());
  std::memcpy(into.data(), octets_.data() + given_, taken);
  given_ += taken;
  if (left() == 0) {
    octets_ = {};
    octets_.shrink_to_fit();
    given_ = 0;
  }
  return {net::IoResult::Kind::kDone, taken, 0};
}

}  // namespace tls
