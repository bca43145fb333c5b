#include "cli/inheritance.h"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace cli {
namespace {

constexpr int kFirstHanded = 3;  // SD_LISTEN_FDS_START
constexpr int kMostHanded = 1024;

// Takes a part up to `separator` off the front of `text`.
std::string_view cut(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return part;
}

// -1 for what is no whole number.
int number_of(std::string_view digits) {
  int number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return error == std::errc() && end == digits.data() + digits.size() && number >= 0 ? number : -1;
}

// The variable's value; "" where it is not set. It is gone afterwards.
std::string take_variable(const char* name) {
  const char* value = std::getenv(name);
  std::string taken = value == nullptr ? "" : value;
  ::unsetenv(name);
  return taken;
}

// The sockets of socket activation. They are meant for us when LISTEN_PID is this process.
std::vector<net::HandedSocket> activated() {
  const std::string pid = take_variable("LISTEN_PID");
  const int count = number_of(take_variable("LISTEN_FDS"));
  const std::string names = take_variable("LISTEN_FDNAMES");
  std::vector<net::HandedSocket> sockets;
  if (number_of(pid) != ::getpid() || count > kMostHanded) return sockets;
  std::string_view rest = names;
  for (int fd = kFirstHanded; fd < kFirstHanded + count; ++fd) {
    sockets.push_back({fd, std::string(cut(rest, ':'))});
  }
  return sockets;
}

}  // namespace

std::string format_handover(int channel, const std::vector<net::HandedSocket>& sockets) {
  std::string value = std::to_string(channel);
  for (const net::HandedSocket& socket : sockets) {
    value += ";" + std::to_string(socket.fd) + ":" + socket.role;
  }
  return value;
}

base::Result<Handover> parse_handover(std::string_view value) {
  Handover handover;
  std::string_view rest = value;
  handover.channel = number_of(cut(rest, ';'));
  bool sound = handover.channel > STDERR_FILENO;
  while (!rest.empty()) {
    std::string_view socket = cut(rest, ';');
    const int fd = number_of(cut(socket, ':'));
    sound = sound && fd > STDERR_FILENO && !socket.empty();
    handover.sockets.push_back({fd, std::string(socket)});
  }
  if (sound) return handover;
  return base::fail(base::ErrorCode::kBadRequest, base::Party::kProxy,
                    std::string(kHandoverVariable) +
                        " is set, and not by a proxy that is upgraded; take it out of the "
                        "environment");
}

base::Result<Inheritance> take_inheritance() {
  Inheritance inheritance;
  std::vector<net::HandedSocket> handed = activated();
  const std::string value = take_variable(kHandoverVariable);
  if (!value.empty()) {
    auto handover = parse_handover(value);
    if (!handover) return base::fail(handover.error());
    inheritance.predecessor = base::Fd(handover->channel);
    ::fcntl(handover->channel, F_SETFD, FD_CLOEXEC);
    handed = std::move(handover->sockets);
  }
  auto sockets = net::InheritedSockets::adopt(handed);
  if (!sockets) return base::fail(sockets.error());
  inheritance.sockets = std::move(*sockets);
  return inheritance;
}

}  // namespace cli
