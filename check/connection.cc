#include "check/connection.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/version.h"
#include "check/no_answer.h"
#include "check/who_answers.h"
#include "http/parse.h"
#include "http1/message_reader.h"
#include "net/dial_race.h"
#include "net/system_lookup.h"
#include "tls/handshake.h"

namespace check {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;

constexpr base::Millis kAttemptDelay{250};  // RFC 8305 §5
constexpr size_t kMaxBodyShown = 512;
constexpr int kMaxInterim = 16;
constexpr size_t kMaxBegin = 40;

// Times a phase from here to the end of its scope.
class Stopwatch {
 public:
  Stopwatch(ProbeResult& result, Phase phase)
      : slot_(result.phases[phase]), began_(base::steady_now()) {
    slot_ = microseconds(0);
    result.failed_in = phase;  // until the probe ends well
  }
  ~Stopwatch() { slot_ = duration_cast<microseconds>(base::steady_now() - began_); }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  std::optional<microseconds>& slot_;
  base::Instant began_;
};

Trouble tls_trouble(tls::Fault fault) {
  switch (fault) {
    case tls::Fault::kExpired:
    case tls::Fault::kNotYetValid: return Trouble::kTlsExpired;
    case tls::Fault::kHostMismatch: return Trouble::kTlsName;
    default:
      return tls::is_certificate_fault(fault) ? Trouble::kTlsUntrusted : Trouble::kTlsHandshake;
  }
}

// What an inspecting proxy says of its own TLS with the origin, in the word of tls/fault.h.
std::string_view origin_fault(const http::ResponseHead& head) {
  return head.fields.find("Sluice-TLS-Fault").value_or("");
}

const tls::ClientContext& trust_for(const ProbeContext& context, Trust trust) {
  if (trust == Trust::kClusterCa && context.cluster_trust != nullptr) return *context.cluster_trust;
  if (trust == Trust::kSystem && context.system_trust != nullptr) return *context.system_trust;
  return *context.trust;
}

}  // namespace

Connection::Connection(const ProbeContext& context, ProbeResult& result)
    : context_(context),
      result_(result),
      deadline_(context.loop.now() + context.timeout),
      wire_port_(result.probe.port) {
  const auto moved = context.overrides.find(target_authority());
  if (moved != context.overrides.end()) wire_port_ = moved->second.port;
}

std::string Connection::target_authority() const {
  const Probe& probe = result_.probe;
  return http::Authority{probe.host, base::IpAddress::parse(probe.host), wire_port_}.to_string();
}

net::Task<PhaseEnd> Connection::connect() {
  const Stopwatch time(result_, Phase::kConnect);
  const Probe& probe = result_.probe;
  const std::string host = through_proxy() ? probe.proxy->authority.host : probe.host;
  std::uint16_t port = through_proxy() ? probe.proxy->authority.port : probe.port;
  std::vector<base::IpAddress> addresses;
  const auto moved = context_.overrides.find(host + ":" + std::to_string(port));
  if (moved != context_.overrides.end() && !through_proxy()) {
    addresses.push_back(moved->second.address);
    port = moved->second.port;
  } else {
    auto looking = net::system_lookup(context_.loop, host, deadline_);
    auto found = co_await looking;
    if (!found) {
      co_return PhaseFailure{through_proxy() ? Trouble::kProxyName : Trouble::kDirectName,
                             found.error().detail};
    }
    addresses = std::move(*found);
  }
  const std::string shown =
      (through_proxy() ? "the proxy " : "") + host + ":" + std::to_string(port);
  auto dialling =
      net::dial_any(context_.loop, std::move(addresses), port, kAttemptDelay, deadline_, shown);
  auto dialled = co_await dialling;
  if (!dialled) {
    co_return PhaseFailure{
        through_proxy() ? Trouble::kProxyUnreachable : Trouble::kDirectUnreachable,
        dialled.error().detail};
  }
  stream_ = std::move(dialled->socket);
  co_return std::nullopt;
}

net::Task<PhaseEnd> Connection::start_proxy_tls() {
  const Stopwatch time(result_, Phase::kProxyTls);
  const auto name = tls::PeerName::parse(result_.probe.proxy->authority.host);
  if (!name) co_return PhaseFailure{Trouble::kProxyTls, name.error().detail};
  auto made = context_.trust->make_stream(std::move(stream_), *name);
  if (!made) co_return PhaseFailure{Trouble::kProxyTls, made.error().detail};
  auto shaking = tls::handshake(**made, deadline_);
  const tls::HandshakeOutcome outcome = co_await shaking;
  if (!outcome.info) co_return PhaseFailure{Trouble::kProxyTls, outcome.info.error().detail};
  stream_ = std::move(*made);
  co_return std::nullopt;
}

net::Task<Connection::Answer> Connection::ask(std::string text, Content content) {
  const net::Patience patience{context_.timeout, deadline_};
  auto writing = net::write_all(*stream_, text, patience);
  const base::Result<void> written = co_await writing;
  if (!written) {
    Answer failed{base::fail(written.error()), {}};
    co_return failed;
  }
  http1::MessageReader reader(*stream_);
  const http::Limits limits;
  Answer answer{base::fail(base::ErrorCode::kBadResponse, base::Party::kOrigin,
                           "the origin sent interim responses and no other"),
                {}};
  // Interim responses may come before any answer, that to CONNECT included (RFC 9110 §15.2). 101 is
  // none to wait behind.
  for (int interim = 0; interim <= kMaxInterim; ++interim) {
    auto reading = reader.read_head(http::MessageKind::kResponse, limits, patience);
    const auto octets = co_await reading;
    if (!octets) {
      Answer failed{base::fail(octets.error()),
                    std::string(reader.buffered().substr(0, kMaxBegin))};
      co_return failed;
    }
    auto head = http::parse_response_head(*octets, limits);
    const bool goes_on = head && head->status < 200 && head->status != 101;
    if (goes_on) continue;
    answer.head = std::move(head);
    break;
  }
  if (!answer.head) co_return answer;
  // The words of an error page usually come with its head; if not, one more read fetches them.
  const bool wanted = content == Content::kWanted || answer.head->status >= 400;
  if (wanted && reader.buffered().empty()) {
    auto filling = reader.fill(patience);
    const base::Result<size_t> more = co_await filling;
    if (!more) co_return answer;
  }
  answer.body_start = std::string(reader.buffered().substr(0, kMaxBodyShown));
  co_return answer;
}

// Something on the way may answer in the platform's place: a page of 403, say.
PhaseEnd Connection::judge_platform(const Answer& answer) const {
  const auto sign = platform_sign(result_.probe);
  if (!sign) return std::nullopt;
  const int status = answer.head->status;
  if (status == 200 && answer.body_start.find(*sign) != std::string::npos) return std::nullopt;
  return PhaseFailure{
      Trouble::kHttp,
      result_.probe.host + " answered " + std::to_string(status) + " without " +
          (sign->front() == '<' ? "the platform's list of versions" : "the node's metadata") +
          ": something on the way answers in its place" + page_words(answer.body_start)};
}

PhaseEnd Connection::judge_proxy_status(const http::ResponseHead& head, const std::string& body) {
  const std::string said = "the proxy answered " + std::to_string(head.status) + page_words(body);
  switch (head.status) {
    case 403: return PhaseFailure{Trouble::kProxyDenied, said};
    case 407: return PhaseFailure{Trouble::kProxyAuth, said};
    case 502:
    case 503:
    case 504: {
      // RFC 9209 §2.3 has the proxy say in Proxy-Status what went wrong.
      const auto status = head.fields.find("Proxy-Status");
      const bool dns = status && status->find("dns_") != std::string_view::npos;
      return PhaseFailure{dns ? Trouble::kProxyDns : Trouble::kProxyGateway, said};
    }
    default: return PhaseFailure{Trouble::kProxyProtocol, said};
  }
}

net::Task<PhaseEnd> Connection::open_tunnel() {
  const Stopwatch time(result_, Phase::kConnectReply);
  const std::string authority = target_authority();
  auto asking = ask("CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority +
                        "\r\nUser-Agent: sluice-check/" + std::string(base::version()) + "\r\n\r\n",
                    Content::kAsItComes);
  const Answer answer = co_await asking;
  if (!answer.head) {
    co_return PhaseFailure{
        Trouble::kProxyProtocol,
        "no usable answer to CONNECT: " +
            no_answer_words(answer.head.error(), "the proxy", answer.body_start)};
  }
  result_.connect_status = answer.head->status;
  if (answer.head->status < 200 || answer.head->status > 299) {
    co_return judge_proxy_status(*answer.head, answer.body_start);
  }
  co_return std::nullopt;
}

net::Task<PhaseEnd> Connection::start_tls() {
  const Stopwatch time(result_, Phase::kTls);
  const auto name = tls::PeerName::parse(result_.probe.host);
  if (!name) co_return PhaseFailure{Trouble::kTlsHandshake, name.error().detail};
  const bool cluster =
      result_.probe.trust == Trust::kClusterCa && context_.cluster_trust != nullptr;
  const tls::ClientContext& trust = trust_for(context_, result_.probe.trust);
  auto made = trust.make_stream(std::move(stream_), *name);
  if (!made) co_return PhaseFailure{Trouble::kTlsHandshake, made.error().detail};
  auto shaking = tls::handshake(**made, deadline_);
  const tls::HandshakeOutcome outcome = co_await shaking;
  if (outcome.peer) {
    result_.certificate =
        Certificate{outcome.peer->subject, outcome.peer->issuer, outcome.peer->not_after};
    if (result_.probe.trust == Trust::kClusterCa && !names_api_server(*outcome.peer)) {
      co_return PhaseFailure{Trouble::kTlsName, "the certificate of " + result_.probe.host +
                                                    " does not name kubernetes.default (subject " +
                                                    outcome.peer->subject +
                                                    "), so no API server answers there"};
    }
  }
  if (!outcome.info) {
    const bool unknown_authority =
        outcome.fault == tls::Fault::kUntrustedRoot || outcome.fault == tls::Fault::kSelfSigned;
    if (unknown_authority) result_.inspected = Inspected::kYes;
    // Whoever issued the leaf is the most that is known of a chain that ends nowhere.
    if (outcome.peer) result_.authority = outcome.peer->issuer;
    // Without the cluster's CA there is nothing to judge the API server's chain by.
    const bool unjudged = result_.probe.trust == Trust::kClusterCa && !cluster &&
                          tls::is_certificate_fault(outcome.fault);
    if (unjudged) result_.inspected = Inspected::kUnknown;
    if (unjudged) co_return std::nullopt;
    co_return PhaseFailure{tls_trouble(outcome.fault), outcome.info.error().detail};
  }
  result_.authority = outcome.info->trust_anchor;
  const auto& anchors = context_.trusted_ca_subjects;
  const bool added =
      std::find(anchors.begin(), anchors.end(), outcome.info->trust_anchor) != anchors.end();
  result_.inspected = added && !cluster ? Inspected::kYes : Inspected::kNo;
  stream_ = std::move(*made);
  co_return std::nullopt;
}

net::Task<PhaseEnd> Connection::request() {
  // After an API server whose chain could not be judged there is no stream to speak on.
  if (stream_ == nullptr) co_return std::nullopt;
  const Stopwatch time(result_, Phase::kHttp);
  const Probe& probe = result_.probe;
  const bool absolute = probe.kind == ProbeKind::kPlainHttp;
  const std::string authority = target_authority();
  std::string text = "GET " + (absolute ? "http://" + authority : std::string()) + probe.path +
                     " HTTP/1.1\r\nHost: " + authority + "\r\nUser-Agent: sluice-check/" +
                     std::string(base::version()) + "\r\nAccept: */*\r\nConnection: close\r\n";
  for (const auto& [field, value] : probe.fields) text += field + ": " + value + "\r\n";
  text += "\r\n";
  auto asking = ask(std::move(text), platform_sign(probe) ? Content::kWanted : Content::kAsItComes);
  const Answer answer = co_await asking;
  if (!answer.head) {
    const char* who = absolute ? "the proxy" : "the destination";
    co_return PhaseFailure{
        absolute ? Trouble::kProxyProtocol : Trouble::kHttp,
        "no usable HTTP answer: " + no_answer_words(answer.head.error(), who, answer.body_start)};
  }
  result_.http_status = answer.head->status;
  if (const PhaseEnd other = judge_platform(answer)) co_return other;
  if (result_.inspected == Inspected::kYes && !origin_fault(*answer.head).empty()) {
    // The page is the proxy's; what failed is the TLS that it has in place of ours.
    result_.failed_in = Phase::kTls;
    co_return PhaseFailure{Trouble::kOriginTls, "the inspecting proxy answered " +
                                                    std::to_string(answer.head->status) +
                                                    page_words(answer.body_start)};
  }
  // Any status of the origin proves the way; these are the proxy's own when it speaks plain HTTP.
  const bool from_proxy = absolute && answer.head->fields.find("Proxy-Status").has_value();
  const bool gateway = absolute && (answer.head->status == 407 || answer.head->status >= 502);
  if (from_proxy || gateway) co_return judge_proxy_status(*answer.head, answer.body_start);
  co_return std::nullopt;
}

}  // namespace check
