// A resolver and its stub name server on one loop.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "net/dns/resolver.h"
#include "tests/unit/net/dns/stub_dns.h"
#include "tests/unit/net/on_loop.h"

namespace net::dns::test {

using net::test::run;
using net::test::run_for;
using net::test::run_until;

inline std::string text(const base::Result<Answer>& answer) {
  if (!answer) return std::string(base::token_of(answer.error().code));
  std::string out;
  for (const auto& address : answer->addresses)
    out += (out.empty() ? "" : " ") + address.to_string();
  return out;
}

// Answers A and AAAA of every name.
inline void answer_both(StubDns& stub, const StubDns::Query& query) {
  stub.reply(query, Reply(query.packet).address(query.type == kA ? "192.0.2.1" : "2001:db8::1"));
}

// Says `rcode` to everything.
inline StubDns::Handler say(unsigned rcode) {
  return [rcode](StubDns& stub, const StubDns::Query& query) {
    stub.reply(query, Reply(query.packet, rcode));
  };
}

struct ResolverTest : ::testing::Test {
  ResolverTest() { options.servers = {stub.endpoint()}; }

  void make() { resolver = std::move(Resolver::create(loop, options)).value(); }
  Task<base::Result<Answer>> task(std::string name, base::Millis patience = base::Millis(10'000)) {
    return resolver->resolve(std::move(name), loop.now() + patience, claim);
  }
  base::Result<Answer> resolve(std::string name) {
    if (!resolver) make();
    return run(loop, task(std::move(name)));
  }
  // Starts `count` tasks that resolve `name`.
  std::vector<Task<base::Result<Answer>>> start(size_t count, const std::string& name) {
    std::vector<Task<base::Result<Answer>>> tasks;
    for (size_t i = 0; i < count; ++i) {
      tasks.push_back(task(name));
      tasks.back().start();
    }
    return tasks;
  }

  Loop loop;
  StubDns stub{loop, answer_both};
  Options options;
  Claim claim;  // a client's
  std::unique_ptr<Resolver> resolver;
};

}  // namespace net::dns::test
