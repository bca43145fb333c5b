#include "cli/takeover.h"

#include <poll.h>
#include <sys/socket.h>

#include <utility>

#include "base/version.h"

namespace cli {
namespace {

constexpr int kWordMs = 10'000;          // for the process before to say it
constexpr std::size_t kMaxWords = 3000;  // octets

}  // namespace

void Takeover::give_up(const std::string& sentence) {
  if (!under_way()) return;
  const std::string message = "f" + sentence.substr(0, kMaxWords);
  ::send(predecessor_.get(), message.data(), message.size(), MSG_NOSIGNAL);
  predecessor_ = base::Fd();
}

bool Takeover::ready() {
  if (!under_way()) return true;
  const base::Fd channel = std::move(predecessor_);
  const std::string message =
      "r" + std::string(base::version()) + " (" + std::string(base::commit()) + ")";
  if (::send(channel.get(), message.data(), message.size(), MSG_NOSIGNAL) < 0) return false;
  pollfd word{channel.get(), POLLIN, 0};
  char letter = 0;
  return ::poll(&word, 1, kWordMs) == 1 && ::recv(channel.get(), &letter, 1, 0) == 1;
}

}  // namespace cli
