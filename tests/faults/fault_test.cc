// One exchange over each way through the proxy, in which the n-th call fails: each system call of
// the proxy's own, and of the allocations inside OpenSSL and nghttp2 as many as a few seconds allow
// (FAULTS_ALL=1: all). Then the next one, until an exchange passes in which none was left to fail.
#include <dirent.h>
#include <gtest/gtest.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "tests/faults/failing.h"
#include "tests/unit/proxy/script/exchange.h"
#include "tests/unit/proxy/script/ways.h"

namespace proxy::script {
namespace {

using faults::Kind;

int descriptors() {
  int count = 0;
  DIR* directory = ::opendir("/proc/self/fd");
  while (::readdir(directory) != nullptr) ++count;
  ::closedir(directory);
  return count;
}

class Faults : public Script {
 protected:
  // What a process opens once for all.
  void SetUp() override {
    Stage stage(GetParam());
    ASSERT_TRUE(stage.enter() && exchange(stage, GetParam()));
    leave(stage);
  }

  // Returns how many calls there were.
  unsigned converse(Kind kind, unsigned number) {
    SCOPED_TRACE("call " + std::to_string(number));
    const int open = descriptors();
    const std::ptrdiff_t blocks = net::blocks_out();
    unsigned counted = 0;
    {
      Stage stage(GetParam());
      stage.lose_patience();
      faults::fail(kind, number);
      const bool passed = stage.enter() && exchange(stage, GetParam());
      counted = faults::stop();
      leave(stage);
      EXPECT_TRUE(passed || counted > number) << "nothing failed";
      if (!passed) expect_a_reason(stage);
    }
    EXPECT_EQ(net::blocks_out(), blocks);
    EXPECT_EQ(descriptors(), open);
    return counted;
  }

  void all(Kind kind, unsigned runs) {
    const unsigned calls = converse(kind, ~0U);
    if (std::getenv("FAULTS_ALL") != nullptr) runs = ~0U;
    const unsigned step = std::max(1U, calls / runs);
    for (unsigned number = 0; number < calls && !HasFailure(); number += step) {
      converse(kind, number);
    }
  }

 private:
  // Of a request that was read; one that did not come that far leaves no record. What a connection
  // of HTTP/2 has taken for the client counts as sent, as what a socket's buffer has taken does.
  static void expect_a_reason(Stage& stage) {
    const auto records = stage.records();
    const bool told = std::any_of(records.begin(), records.end(),
                                  [](const auto& record) { return !record["cause"].is_null(); });
    const bool buffers = GetParam().outer == Version::kHttp2 || GetParam().inner == Version::kHttp2;
    const bool said = buffers && !records.empty() && records.back()["status"] == 200;
    EXPECT_TRUE(told || said || records.empty()) << records.front().dump();
  }
};

TEST_P(Faults, OfSystemCalls) { all(Kind::kSystemCall, ~0U); }
TEST_P(Faults, OfMemoryInsideOpenSsl) { all(Kind::kOpenSslMemory, 100); }
TEST_P(Faults, OfMemoryInsideNghttp2) { all(Kind::kNghttp2Memory, 200); }

INSTANTIATE_TEST_SUITE_P(Requests, Faults, testing::ValuesIn(kRequestWays), name_of);
INSTANTIATE_TEST_SUITE_P(Tunnels, Faults, testing::ValuesIn(kTunnelWays), name_of);

}  // namespace
}  // namespace proxy::script

namespace {

void* take(size_t octets, const char* /*file*/, int /*line*/) {
  return faults::is_due(faults::Kind::kOpenSslMemory) ? nullptr : std::malloc(octets);
}
void* take_again(void* block, size_t octets, const char* /*file*/, int /*line*/) {
  return faults::is_due(faults::Kind::kOpenSslMemory) ? nullptr : std::realloc(block, octets);
}
void give(void* block, const char* /*file*/, int /*line*/) { std::free(block); }

}  // namespace

int main(int count, char** arguments) {
  // OpenSSL takes no others once it has allocated something.
  if (CRYPTO_set_mem_functions(take, take_again, give) != 1) return 1;
  testing::InitGoogleTest(&count, arguments);
  return RUN_ALL_TESTS();
}
