#include "net/system_lookup.h"

#include <netdb.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "net/await.h"
#include "net/endpoint.h"

namespace net {
namespace {

using base::ErrorCode;
using base::Party;

std::atomic<unsigned> asking{0};

// What the waiting task and the thread that asks have in common; either may end first.
struct Answer {
  std::mutex guard;
  Loop* loop = nullptr;  // null once nobody waits
  Event* come = nullptr;
  std::optional<Addresses> addresses;
};

// The waiting task's hold on the answer.
class Waiting {
 public:
  explicit Waiting(Loop& loop) : come_(loop) {
    answer_->loop = &loop;
    answer_->come = &come_;
  }
  ~Waiting() {
    const std::lock_guard lock(answer_->guard);
    answer_->loop = nullptr;
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

  const std::shared_ptr<Answer>& answer() const { return answer_; }
  Event& come() { return come_; }

 private:
  std::shared_ptr<Answer> answer_ = std::make_shared<Answer>();
  Event come_;
};

// On its own thread.
void ask_for(const std::shared_ptr<Answer>& answer, const std::string& host,
             const std::function<Addresses(const std::string&)>& ask) {
  Addresses found = ask(host);
  asking.fetch_sub(1);
  const std::lock_guard lock(answer->guard);
  if (answer->loop == nullptr) return;
  answer->addresses.emplace(std::move(found));
  answer->loop->post([answer] {
    // On the loop's thread, on which alone `loop` becomes null.
    if (answer->loop != nullptr) answer->come->set();
  });
}

base::Failure lookup_failure(const std::string& host, int status) {
  const std::string said = " (" + std::string(::gai_strerror(status)) + ")";
  switch (status) {
    case EAI_NONAME:
      return base::fail(ErrorCode::kDnsNotFound, Party::kOrigin,
                        "the name " + host + " does not exist for this machine's resolver" + said);
    case EAI_NODATA:
    case EAI_ADDRFAMILY:
      return base::fail(ErrorCode::kDnsNoAddress, Party::kOrigin, host + " has no address" + said);
    default:
      return base::fail(ErrorCode::kDnsServerFailure, Party::kProxy,
                        "the lookup of " + host + " failed" + said + "; check /etc/resolv.conf");
  }
}

}  // namespace

Addresses ask_system(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int status = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
  if (status != 0) return lookup_failure(host, status);
  std::vector<base::IpAddress> addresses;
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    sockaddr_storage storage{};
    std::copy_n(reinterpret_cast<const char*>(entry->ai_addr), entry->ai_addrlen,
                reinterpret_cast<char*>(&storage));
    addresses.push_back(from_sockaddr(storage).address);
  }
  ::freeaddrinfo(list);
  return addresses;
}

Task<Addresses> system_lookup(Loop& loop, std::string host, base::Instant deadline,
                              std::function<Addresses(const std::string&)> ask) {
  if (const auto literal = base::IpAddress::parse(host)) {
    std::vector<base::IpAddress> one{*literal};
    co_return one;
  }
  if (asking.fetch_add(1) >= kMostAsking) {
    asking.fetch_sub(1);
    co_return base::fail(ErrorCode::kDnsServerFailure, Party::kProxy,
                         "the lookup of " + host +
                             " was not begun: too many others were never answered; check "
                             "/etc/resolv.conf");
  }
  Waiting waiting(loop);
  try {
    std::thread(ask_for, waiting.answer(), host, std::move(ask)).detach();
  } catch (const std::system_error& error) {
    asking.fetch_sub(1);
    co_return base::fail(ErrorCode::kDnsServerFailure, Party::kProxy,
                         "the lookup of " + host + " failed (no thread: " + error.what() + ")");
  }
  auto arriving = waiting.come().wait(deadline);
  const Wake wake = co_await arriving;
  if (wake == Wake::kTimeout) {
    co_return base::fail(ErrorCode::kDnsTimeout, Party::kProxy,
                         "the lookup of " + host + " took too long; check /etc/resolv.conf");
  }
  co_return std::move(*waiting.answer()->addresses);
}

}  // namespace net
