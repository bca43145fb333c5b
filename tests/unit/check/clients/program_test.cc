#include "check/clients/program.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace check {
namespace {

using aks::no_proxy::Client;

TEST(Version, IsTheFirstInTheOutput) {
  EXPECT_EQ(parse_version("curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1"), (Version{7, 88, 1}));
  EXPECT_EQ(parse_version("go version go1.19.8 linux/amd64"), (Version{1, 19, 8}));
  EXPECT_EQ(parse_version("openjdk version \"17.0.15\" 2025-04-15"), (Version{17, 0, 15}));
  EXPECT_EQ(parse_version("v20."), (Version{20}));
  EXPECT_EQ(parse_version("none"), Version{});
  EXPECT_EQ(parse_version("99999999999999.1"), Version{});
}

Rules rules_of(std::string_view name, std::string_view output) {
  const auto programs = client_programs();
  const auto found = std::find_if(programs.begin(), programs.end(),
                                  [name](const ClientProgram& each) { return each.name == name; });
  return found == programs.end() ? Rules{} : found->rules(output);
}

TEST(ClientProgram, FollowsTheRulesOfItsVersion) {
  struct Case {
    const char* name;
    const char* output;
    std::optional<Client> client;
  };
  const Case cases[] = {
      {"curl", "curl 7.85.0", std::nullopt},
      {"curl", "curl 7.88.1", Client::kCurl788},
      {"curl", "curl 8.8.0", Client::kCurl788},
      {"curl", "curl 8.9.0", Client::kCurl89},
      {"curl", "curl 8.18.0", Client::kCurl818},
      {"wget", "GNU Wget 1.21.3 built on linux-gnu.", Client::kWget},
      {"wget", "GNU Wget2 2.1.0", std::nullopt},
      {"Python requests", "2.28.1", Client::kRequests228},
      {"Python requests", "2.34.2", Client::kRequests},
      {"Python httpx", "0.23.3", std::nullopt},
      {"Python httpx", "0.28.1", Client::kHttpx},
      {"Go net/http", "go version go1.22.9", Client::kGo119},
      {"Go net/http", "go version go1.23.7", Client::kGo},
      {"Go net/http", "go version go1.24.0", Client::kGo119},
      {"Go net/http", "go version go1.25", Client::kGo},
      {"Node http", "v20.20.2", std::nullopt},
      {"Node http", "v22.20.0", std::nullopt},
      {"Node http", "v22.23.3", Client::kNodeCore2413},
      {"Node http", "v24.11.1", Client::kNodeCore2413},
      {"Node http", "v24.13.1", Client::kNodeCore2413},
      {"Node http", "v24.17.0", std::nullopt},
      {"Node http", "v24.21.0", Client::kNodeCore},
      {"Node http", "v26.0.0", std::nullopt},
      {"Node fetch", "20.20.2 6.23.0", std::nullopt},
      {"Node fetch", "22.23.3 6.22.0", Client::kUndici720},
      {"Node fetch", "24.13.1 7.20.0", Client::kUndici720},
      {"Node fetch", "24.14.0 7.21.0", Client::kUndici7},
      {"Node fetch", "24.21.0 7.30.2", Client::kUndici7},
      {"Node fetch", "26.0.0 8.9.0", Client::kUndici7},
      {"Node fetch", "26.0.0 8.10.0", Client::kUndici810},
      {"Node fetch", "26.0.0 8.10.2", Client::kUndici8101},
      {"Node fetch", "26.0.0 8.11.2", Client::kUndici812},
      {"Node fetch", "26.0.0 8.13.1", Client::kUndici812},
      {"Node fetch", "26.0.0 8.14.0", std::nullopt},
      {"Node fetch", "27.0.0 9.0.0", std::nullopt},
  };
  for (const Case& c : cases) {
    const Rules rules = rules_of(c.name, c.output);
    EXPECT_EQ(rules.client, c.client) << c.name << " " << c.output;
    EXPECT_EQ(rules.unknown.empty(), c.client.has_value()) << c.name << " " << c.output;
  }
}

}  // namespace
}  // namespace check
