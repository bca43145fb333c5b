// The configuration as values: every key of sluice.yaml with its default and unit. A Config is
// built once (config/load.h), then shared as an immutable snapshot; docs/configuration.md is its
// manual. A new key needs a member here and a line in config/fields.cc, nothing else.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ip.h"

namespace config {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

struct Listener {
  base::Endpoint endpoint{base::IpAddress::v4({127, 0, 0, 1}), 3128};  // port 0: any free one

  friend bool operator==(const Listener&, const Listener&) = default;
};

enum class Action { kAllow, kDeny };

// What becomes of an allowed CONNECT.
enum class Connect {
  kDefault,  // in a rule: what tls.connect says
  kTunnel,   // octets both ways, unread
  kPeek,     // the ClientHello's names are judged, and decide between the other two
  kInspect,  // TLS ends here and begins anew; each request inside is judged
};

// One policy rule. Every list that is not empty must match (AND); within a list one entry suffices.
struct Rule {
  std::string name;  // unique; shown in denials, logs and metrics
  Action action = Action::kDeny;
  // "example.com" that name only; ".example.com" the name and all below it; "*.example.com" all
  // below it but not the name itself. Lower case, no trailing dot.
  std::vector<std::string> hosts;
  // Destination addresses, judged after resolution for names. An allow rule that names an address
  // here also opens the address guard for it (docs/design/policy.md).
  std::vector<base::Cidr> addresses;
  std::vector<std::uint16_t> ports;
  std::vector<base::Cidr> sources;
  // Names in clients' certificates (tls/handshake.h says which), for listeners with TLS.
  std::vector<std::string> identities;
  // What only requests show that are read: plain HTTP, and HTTP inside inspected connections. An
  // allow rule with one of these has its CONNECTs inspected.
  std::vector<std::string> methods;
  std::vector<std::string> paths;  // "/api" is that path and all below it
  Connect connect = Connect::kDefault;
  // Protocols to which a request of plain HTTP that the rule allows may switch, besides WebSocket:
  // "SPDY/3.1", or "SPDY" for all versions. No condition.
  std::vector<std::string> upgrades;

  bool judges_content() const { return !methods.empty() || !paths.empty(); }

  friend bool operator==(const Rule&, const Rule&) = default;
};

// Loopback, private (RFC 1918, RFC 4193), shared (RFC 6598) and link-local ranges.
std::vector<base::Cidr> default_clients();

// The "bad ports" of the Fetch standard (§2.10): those of services that an HTTP request can hurt.
std::vector<std::uint16_t> ports_closed_to_fetch();

// What a denial by a rule or by the default action comes to. Ports, local names, clients and the
// address guard are enforced either way.
enum class Enforce {
  kEnforce,
  kReport,  // let through, and recorded as "would-deny"
};

// Load balancers that write the PROXY protocol.
struct ProxyProtocol {
  // Connections from there begin with a PROXY header, which names the client; no others do.
  std::vector<base::Cidr> from;

  bool names(const base::IpAddress& peer) const {
    return std::any_of(from.begin(), from.end(), [address = peer.unmapped()](const auto& range) {
      return range.contains(address);
    });
  }

  friend bool operator==(const ProxyProtocol&, const ProxyProtocol&) = default;
};

struct Policy {
  Action default_action = Action::kAllow;
  Enforce enforce = Enforce::kEnforce;
  // Ports a CONNECT may name unless an allow rule lists the port (RFC 9110 §9.3.6).
  std::vector<std::uint16_t> connect_ports{443, 80};
  // Ports that no other request is forwarded to unless an allow rule lists the port.
  std::vector<std::uint16_t> closed_ports = ports_closed_to_fetch();
  // Who may use the proxy at all. Others get 403 before anything is read of the target.
  std::vector<base::Cidr> clients = default_clients();
  // Lets rules open IMDS and wireserver. Logged as a warning at every start.
  bool allow_metadata = false;
  // "aks:westeurope,monitor": what a cluster there needs, and nothing else; "" for none.
  std::string profile;
  std::vector<Rule> rules;

  // What `profile` stands for. No keys: filled in by whoever loads (aks/profile.h).
  std::vector<Rule> profile_rules;   // tried after `rules`
  std::vector<Rule> profile_offers;  // what add-ons left out would allow; named after the add-on

  friend bool operator==(const Policy&, const Policy&) = default;
};

struct HostOverride {
  std::string name;  // lower case, no trailing dot
  std::vector<base::IpAddress> addresses;

  friend bool operator==(const HostOverride&, const HostOverride&) = default;
};

struct Dns {
  std::vector<base::Endpoint> servers;  // empty: those of /etc/resolv.conf
  std::vector<HostOverride> hosts;
  milliseconds query_timeout{5s};  // for one name, all retries included
  milliseconds min_ttl{5s};
  milliseconds max_ttl{300s};
  milliseconds negative_ttl{5s};
  std::uint32_t cache_entries = 4096;  // per worker
  std::uint32_t max_queries = 1024;    // in flight, per worker

  friend bool operator==(const Dns&, const Dns&) = default;
};

struct Timeouts {
  milliseconds head{10s};        // first byte (or end of the last request) to end of head, absolute
  milliseconds keep_alive{60s};  // idle client connection between requests
  milliseconds connect{10s};     // all attempts together
  milliseconds attempt_delay{250ms};  // between Happy Eyeballs attempts (RFC 8305 §5)
  milliseconds response_head{600s};   // request sent to response head
  milliseconds response_idle{600s};   // nothing more of a response that has begun
  milliseconds idle{60s};             // a write, or a request body of known length, stands still
  milliseconds tunnel_idle{600s};     // nothing in either direction of a tunnel
  milliseconds half_closed{60s};      // after one direction of a tunnel ended, while nothing moves
  milliseconds total{0};              // of a session; 0 = no limit
  milliseconds origin_idle{30s};      // pooled origin connection
  milliseconds tls_handshake{10s};    // one handshake, the peeking at a ClientHello included
  milliseconds drain{30s};            // SIGTERM to stop
  milliseconds upgrade{1h};           // of what the process before an upgrade still serves

  friend bool operator==(const Timeouts&, const Timeouts&) = default;
};

struct Limits {
  std::uint32_t sessions = 0;                // 0 = from the descriptor limit
  std::uint32_t sessions_per_client = 0;     // per identity, else address, IPv6 per /64; 0 = fair
  std::uint32_t connections_per_second = 0;  // of one client, as the next two; 0 = no limit
  std::uint32_t handshakes_per_second = 0;
  std::uint32_t requests_per_second = 0;
  std::uint64_t stream_bytes_per_client = 64 * 1024 * 1024;  // per worker
  std::uint64_t request_line_bytes = 16 * 1024;
  std::uint64_t head_bytes = 64 * 1024;
  std::uint64_t field_bytes = 32 * 1024;
  std::uint32_t fields = 128;
  std::uint64_t body_bytes = 0;                     // of a request; 0 = no limit
  std::uint32_t chunk_line_bytes = 256;             // chunk size with its extension
  std::uint64_t chunk_extension_bytes = 16 * 1024;  // per message
  std::uint32_t interim_responses = 16;
  std::uint64_t minimum_rate = 0;      // octets a second of a body that is waited for; 0 = no limit
  std::uint32_t pool_per_origin = 32;  // idle connections, per worker
  std::uint32_t pool_total = 512;      // idle connections, per worker

  friend bool operator==(const Limits&, const Limits&) = default;
};

// A certificate chain and its key, both PEM files.
struct CertificateFiles {
  std::string certificate;
  std::string key;

  friend bool operator==(const CertificateFiles&, const CertificateFiles&) = default;
};

enum class ClientCertificates { kOptional, kRequired };

// What is done where an inspection can't take place.
enum class Uninspected { kRefuse, kTunnel };
enum class Refusals { kStatus, kInside };

struct Tls {
  // TLS to the proxy itself.
  std::vector<Listener> listen;
  std::vector<CertificateFiles> certificates;  // chosen by SNI; the first for all else
  std::string client_authorities;              // "" asks clients for no certificate
  std::string client_revocations;              // of those authorities; "" asks nobody
  ClientCertificates client_certificates = ClientCertificates::kRequired;
  bool http2 = false;  // whether these listeners offer it

  // TLS inside tunnels. Both files or none; none switches inspection off.
  std::string ca_certificate;
  std::string ca_key;
  Connect connect = Connect::kTunnel;
  std::vector<std::string> passthrough;         // host patterns that are never inspected
  std::vector<std::string> force;               // inspected although they are exempt by nature
  Uninspected pinned = Uninspected::kRefuse;    // clients that reject our certificate
  milliseconds exempt_for{1h};                  // how long they, and origins, stay exempt
  Uninspected not_tls = Uninspected::kRefuse;   // tunnels in which the client speaks no TLS
  Uninspected not_http = Uninspected::kRefuse;  // or offers no HTTP by ALPN
  Refusals refusals = Refusals::kStatus;        // how a CONNECT to be inspected is refused
  std::vector<std::string> origin_roots;        // PEM files or directories, beside the system's
  milliseconds leaf_validity{7 * 24h};
  std::uint32_t leaf_entries = 4096;  // per worker
  bool resumption = false;            // whether inspected clients get session tickets
  std::vector<std::string> warm;      // names whose leaves are made at start
  // Fields of responses that don't reach the client, beside those every proxy removes.
  std::vector<std::string> strip_fields{"Alt-Svc", "Strict-Transport-Security"};

  bool inspects() const { return !ca_certificate.empty(); }

  friend bool operator==(const Tls&, const Tls&) = default;
};

enum class LogFormat { kJson, kText, kSquid };

struct AccessLog {
  std::string path = "-";  // "-" is stdout, "" is off
  LogFormat format = LogFormat::kJson;
  std::uint32_t queue_lines = 8192;

  friend bool operator==(const AccessLog&, const AccessLog&) = default;
};

// What marks requests that should have bypassed the proxy.
struct Misroutes {
  std::string http_proxy_config;  // the cluster's httpProxyConfig, a JSON file; "" switches it off
  // Facts from which AKS derives entries of its own (aks/effective_no_proxy.h).
  std::string fqdn;
  std::vector<base::Cidr> pod_cidrs;
  std::vector<base::Cidr> service_cidrs;
  std::vector<base::Cidr> vnet_cidrs;
  std::vector<base::Cidr> subnet_cidrs;
  std::uint32_t entries = 512;  // rows remembered, per worker

  // The effective noProxy list. No key: filled in by whoever loads.
  std::vector<std::string> no_proxy;

  friend bool operator==(const Misroutes&, const Misroutes&) = default;
};

struct Learn {
  std::string file;  // "" is off
  milliseconds interval{60s};
  std::uint32_t destinations = 10'000;

  friend bool operator==(const Learn&, const Learn&) = default;
};

enum class LogLevel { kDebug, kInfo, kWarn, kError };

struct Admin {
  std::optional<base::Endpoint> listen =
      base::Endpoint{base::IpAddress::v4({127, 0, 0, 1}), 3129};  // nullopt = off
  std::string token;  // required in "Authorization: Bearer" when not listening on loopback
  std::optional<base::Endpoint> probes;  // nullopt = off

  friend bool operator==(const Admin&, const Admin&) = default;
};

struct Config {
  std::uint32_t workers = 0;  // 0 = auto, one per CPU
  std::vector<Listener> listen{Listener{}};
  ProxyProtocol proxy_protocol;
  Policy policy;
  Dns dns;
  Timeouts timeouts;
  Limits limits;
  Tls tls;
  AccessLog access_log;
  LogLevel log_level = LogLevel::kInfo;
  Admin admin;
  Misroutes misroutes;
  Learn learn;
  std::string via = "sluice";  // pseudonym in Via (RFC 9110 §7.6.3); also detects loops

  // Where it comes from, for people: "sluice.yaml (sha256 1a2b3c4d5e6f)". No key: filled in by
  // whoever loads.
  std::string read_from = "built-in defaults";

  friend bool operator==(const Config&, const Config&) = default;
};

}  // namespace config
