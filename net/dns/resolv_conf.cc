#include "net/dns/resolv_conf.h"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace net::dns {
namespace {

constexpr size_t kMaxServers = 3;
constexpr std::uint16_t kDnsPort = 53;
constexpr std::string_view kBlanks = " \t\r";

// The next word of `line`, which loses it.
std::string_view take_word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
  const std::string_view word = line.substr(0, line.find_first_of(kBlanks));
  line.remove_prefix(word.size());
  return word;
}

}  // namespace

std::vector<base::Endpoint> parse_resolv_conf(std::string_view text) {
  std::vector<base::Endpoint> servers;
  while (!text.empty() && servers.size() < kMaxServers) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (take_word(line) != "nameserver") continue;
    if (const auto address = base::IpAddress::parse(take_word(line))) {
      servers.push_back({*address, kDnsPort});
    }
  }
  return servers;
}

base::Result<std::vector<base::Endpoint>> read_resolv_conf(const std::string& path) {
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  auto servers = parse_resolv_conf(text);
  if (servers.empty()) {
    return base::fail(base::ErrorCode::kDnsUnreachable, base::Party::kProxy,
                      "there is no name server to ask: dns.servers is empty and " + path +
                          (file.is_open() ? " has no usable nameserver line" : " can't be read") +
                          "; name one in dns.servers, as in \"168.63.129.16:53\"");
  }
  return servers;
}

}  // namespace net::dns
