// The connection of one probe, built up layer by layer: TCP, TLS to the proxy, CONNECT, TLS to the
// destination, and one HTTP request on top. Each layer is a phase that is timed.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "check/context.h"
#include "check/plan_hints.h"
#include "check/probe_result.h"
#include "http/head.h"
#include "net/stream.h"
#include "net/task.h"

namespace check {

// A phase that did not work out: what kind of trouble, and the sentence that says why.
struct PhaseFailure {
  Trouble trouble;
  std::string reason;
};
// Empty: go on.
using PhaseEnd = std::optional<PhaseFailure>;

class Connection {
 public:
  // Both outlive the connection; phases are written into `result`.
  Connection(const ProbeContext& context, ProbeResult& result);

  net::Task<PhaseEnd> connect();          // to the proxy, or straight to the destination
  net::Task<PhaseEnd> start_proxy_tls();  // for an https:// proxy
  net::Task<PhaseEnd> open_tunnel();      // CONNECT
  net::Task<PhaseEnd> start_tls();        // to the destination
  net::Task<PhaseEnd> request();          // GET, up to the answer's head

 private:
  struct Answer {
    base::Result<http::ResponseHead> head;
    // What came along with the head, for the words of a denial; without one, how it begins.
    std::string body_start;
  };
  // Content is waited for where the head alone does not tell who answers.
  enum class Content { kAsItComes, kWanted };
  net::Task<Answer> ask(std::string text, Content content);
  std::string target_authority() const;
  bool through_proxy() const { return result_.probe.proxy.has_value(); }
  PhaseEnd judge_platform(const Answer& answer) const;
  PhaseEnd judge_proxy_status(const http::ResponseHead& head, const std::string& body);

  const ProbeContext& context_;
  ProbeResult& result_;
  base::Instant deadline_;
  std::uint16_t wire_port_;  // the probe's port, or what stands for it in the simulation
  std::unique_ptr<net::Stream> stream_;
};

}  // namespace check
