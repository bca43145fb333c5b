#include "config/fields.h"

#include "config/scalars_addresses.h"
#include "config/scalars_names.h"
#include "config/scalars_numbers.h"

namespace config {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kKiB = 1024;
constexpr std::uint64_t kMiB = 1024 * kKiB;
constexpr std::uint64_t kGiB = 1024 * kMiB;
constexpr milliseconds kHour = 1h;
constexpr milliseconds kDay = 24h;

Scalar<Action> action() {
  return choice<Action>({{"allow", Action::kAllow}, {"deny", Action::kDeny}});
}

Scalar<Connect> rule_connect() {
  return choice<Connect>({{"default", Connect::kDefault},
                          {"tunnel", Connect::kTunnel},
                          {"peek", Connect::kPeek},
                          {"inspect", Connect::kInspect}});
}

std::vector<Field> rule_fields(Rule& r) {
  return {
      scalar("name", r.name, rule_name(),
             {"Shown in denials, logs and metrics; unique.", "package-mirrors"})
          .required(),
      scalar("action", r.action, action(),
             {"What happens to a request that the rule matches.", "allow"})
          .required(),
      list("hosts", r.hosts, host_pattern(),
           {"Names: \"example.com\" alone, \".example.com\" with all below it, \"*.example.com\" "
            "only those below it.",
            R"([".ubuntu.com", "mcr.microsoft.com"])"}),
      list("addresses", r.addresses, cidr(),
           {"Destination addresses, judged after resolution. An allow rule also opens the address "
            "guard for them.",
            R"(["10.20.0.0/16"])"}),
      list("ports", r.ports, port(), {"Destination ports.", "[443, 8443]"}),
      list("sources", r.sources, cidr(), {"Addresses of clients.", R"(["10.240.0.0/16"])"}),
      list("identities", r.identities, identity(),
           {"Names in clients' certificates, for clients of tls.listen.",
            R"(["spiffe://cluster.local/ns/build/sa/runner"])"}),
      list("methods", r.methods, method(),
           {"Methods of requests that are read: plain HTTP, and HTTP in inspected connections.",
            R"(["GET", "HEAD"])"}),
      list("paths", r.paths, path_prefix(),
           {"Paths of such requests, each with all below it.", R"(["/Azure/"])"}),
      scalar("connect", r.connect, rule_connect(),
             {"What becomes of a CONNECT that the rule allows; default is what tls.connect says.",
              "inspect"}),
      list("upgrades", r.upgrades, upgrade_protocol(),
           {"Protocols to which allowed requests of plain HTTP may switch, besides websocket.",
            R"(["SPDY/3.1", "tcp"])"}),
  };
}

std::vector<Field> host_override_fields(HostOverride& h) {
  return {
      scalar("name", h.name, host_name(),
             {"The name, without a trailing dot.", "registry.example.com"})
          .required(),
      list("addresses", h.addresses, ip_address(),
           {"Its addresses, in the order in which they are tried.", R"(["10.20.0.4"])"})
          .required(),
  };
}

using Fields = std::vector<Field>;

void add_policy(Fields& out, Policy& p) {
  out.insert(
      out.end(),
      {
          scalar("policy.default_action", p.default_action, action(),
                 {"What happens to a request that no rule matches.", "deny"}),
          scalar("policy.enforce", p.enforce,
                 choice<Enforce>({{"enforce", Enforce::kEnforce}, {"report", Enforce::kReport}}),
                 {"Whether what rules or the default action deny is refused, or let through and "
                  "recorded as would-deny; the address guard and all else always hold.",
                  "report"}),
          list("policy.connect_ports", p.connect_ports, port(),
               {"Ports that a CONNECT may name unless an allow rule lists the port (RFC 9110 "
                "§9.3.6).",
                "[443, 80, 8443]"}),
          list("policy.closed_ports", p.closed_ports, port(),
               {"Ports that requests are not forwarded to unless an allow rule lists the port; by "
                "default the bad ports of the Fetch standard.",
                "[25, 6667]"}),
          list("policy.clients", p.clients, cidr(),
               {"Who may use the proxy at all; others get 403.",
                R"(["127.0.0.0/8", "10.240.0.0/16"])"}),
          scalar("policy.allow_metadata", p.allow_metadata, boolean(),
                 {"Lets rules open the cloud's metadata service and wireserver.", "true"}),
          scalar("policy.profile", p.profile, profile_name(),
                 {"Allows, after the rules, what the catalogue lists for a cluster in that region "
                  "with these add-ons, and denies the rest.",
                  "aks:westeurope,monitor"}),
          records(
              "policy.rules", p.rules, rule_fields,
              {"Tried in order; the first that matches decides. A rule matches when each of its "
               "lists that is not empty has an entry that does.",
               R"([{"name": "mirrors", "action": "allow", "hosts": [".ubuntu.com"]}])"}),
      });
}

void add_dns(Fields& out, Dns& d) {
  out.insert(
      out.end(),
      {
          list("dns.servers", d.servers, name_server(),
               {"Name servers; none means those of /etc/resolv.conf.", R"(["168.63.129.16"])"}),
          records("dns.hosts", d.hosts, host_override_fields,
                  {"Names that are answered from here instead of by a server.",
                   R"([{"name": "registry.example.com", "addresses": ["10.20.0.4"]}])"}),
          scalar("dns.query_timeout", d.query_timeout, duration(10ms, 60s),
                 {"For one name, all retries included.", "5s"}),
          scalar("dns.min_ttl", d.min_ttl, duration(0ms, kHour),
                 {"Answers are kept at least this long.", "5s"}),
          scalar("dns.max_ttl", d.max_ttl, duration(0ms, kDay),
                 {"Answers are kept at most this long.", "5m"}),
          scalar("dns.negative_ttl", d.negative_ttl, duration(0ms, kHour),
                 {"How long it is remembered that a name does not exist.", "5s"}),
          scalar("dns.cache_entries", d.cache_entries, count(0, 1'000'000),
                 {"Names remembered by each worker.", "4096"}),
          scalar("dns.max_queries", d.max_queries, count(1, 65'536),
                 {"Queries in flight in each worker.", "1024"}),
      });
}

void add_timeouts(Fields& out, Timeouts& t) {
  const auto wait = duration(10ms, kDay);
  out.insert(
      out.end(),
      {
          scalar("timeouts.head", t.head, wait,
                 {"From a connection's begin, or behind its TLS handshake, to the end of its first "
                  "request's head; of later requests, from the head's first byte.",
                  "10s"}),
          scalar("timeouts.keep_alive", t.keep_alive, wait,
                 {"How long a client's connection may idle between requests.", "60s"}),
          scalar("timeouts.connect", t.connect, wait,
                 {"To reach an origin, all attempts together.", "10s"}),
          scalar("timeouts.attempt_delay", t.attempt_delay, duration(10ms, 10s),
                 {"Between attempts to connect to a name's addresses (RFC 8305 §5).", "250ms"}),
          scalar(
              "timeouts.response_head", t.response_head, wait,
              {"From a request sent to the head of its response; long polls take minutes.", "2m"}),
          scalar("timeouts.response_idle", t.response_idle, duration(10ms, 30 * kDay),
                 {"How long a response that has begun may be silent (events, watches, gRPC), and a "
                  "request of unknown length.",
                  "1h"}),
          scalar("timeouts.idle", t.idle, wait,
                 {"How long a request's body, or any write, may stand still.", "60s"}),
          scalar("timeouts.tunnel_idle", t.tunnel_idle, duration(10ms, 30 * kDay),
                 {"How long a tunnel may be silent in both directions.", "1h"}),
          scalar("timeouts.half_closed", t.half_closed, wait,
                 {"How long a tunnel with one direction ended may be silent.", "60s"}),
          scalar("timeouts.total", t.total, duration(0ms, 30 * kDay),
                 {"How long a session may last in all; 0 means without limit.", "12h"}),
          scalar("timeouts.origin_idle", t.origin_idle, duration(0ms, kDay),
                 {"How long an idle connection to an origin is kept for reuse.", "30s"}),
          scalar("timeouts.tls_handshake", t.tls_handshake, wait,
                 {"For one TLS handshake, or for the first message of one to arrive.", "10s"}),
          scalar("timeouts.drain", t.drain, duration(0ms, kHour),
                 {"From SIGTERM to the end of the process, for sessions to finish.", "30s"}),
          scalar("timeouts.upgrade", t.upgrade, duration(0ms, 30 * kDay),
                 {"After an upgrade, how long the process before serves what it has.", "1h"}),
      });
}

void add_limits(Fields& out, Limits& l) {
  out.insert(
      out.end(),
      {
          scalar("limits.sessions", l.sessions, count_or_auto(10'000'000),
                 {"Sessions at a time; auto derives it from the limit of open files.", "20000"}),
          scalar(
              "limits.sessions_per_client", l.sessions_per_client, count_or_auto(10'000'000),
              {"Sessions at a time of one client; auto follows limits.sessions and leaves room for "
               "others.",
               "512"}),
          scalar("limits.connections_per_second", l.connections_per_second, count(0, 1'000'000),
                 {"New connections a second of one client; 0 means without limit.", "200"}),
          scalar("limits.handshakes_per_second", l.handshakes_per_second, count(0, 1'000'000),
                 {"TLS handshakes a second of one client, on tls.listen; 0 means without limit.",
                  "50"}),
          scalar("limits.requests_per_second", l.requests_per_second, count(0, 1'000'000),
                 {"Requests a second of one client; 0 means without limit.", "1000"}),
          scalar("limits.stream_bytes_per_client", l.stream_bytes_per_client, size(kMiB, kGiB),
                 {"What HTTP/2 streams of one client may hold in the memory of each worker: heads, "
                  "and content that is not taken.",
                  "64MiB"}),
          scalar("limits.request_line_bytes", l.request_line_bytes, size(1 * kKiB, 1 * kMiB),
                 {"Length of a request line.", "16KiB"}),
          scalar("limits.head_bytes", l.head_bytes, size(1 * kKiB, 16 * kMiB),
                 {"Size of a head: its first line and all its fields.", "64KiB"}),
          scalar("limits.field_bytes", l.field_bytes, size(256, 16 * kMiB),
                 {"Length of one field line.", "32KiB"}),
          scalar("limits.fields", l.fields, count(8, 10'000), {"Field lines in a head.", "128"}),
          scalar("limits.body_bytes", l.body_bytes, size(0, 1024 * kGiB),
                 {"Size of a request's body; 0 means without limit.", "1GiB"}),
          scalar("limits.chunk_line_bytes", l.chunk_line_bytes, count(16, 65'536),
                 {"Length of a chunk's first line, with its extensions.", "256"}),
          scalar("limits.chunk_extension_bytes", l.chunk_extension_bytes, size(0, 1 * kMiB),
                 {"Size of all chunk extensions of a message.", "16KiB"}),
          scalar("limits.interim_responses", l.interim_responses, count(0, 1'000),
                 {"Interim (1xx) responses to one request.", "16"}),
          scalar("limits.minimum_rate", l.minimum_rate, size(0, 1 * kGiB),
                 {"Octets a second that a message's body brings, at least, over timeouts.idle of "
                  "waiting for it; 0 means without limit.",
                  "1KiB"}),
          scalar("limits.pool_per_origin", l.pool_per_origin, count(0, 10'000),
                 {"Idle connections kept to one origin, in each worker.", "32"}),
          scalar("limits.pool_total", l.pool_total, count(0, 1'000'000),
                 {"Idle connections kept to all origins, in each worker.", "512"}),
      });
}

void add_observation(Fields& out, Config& c) {
  out.insert(
      out.end(),
      {
          scalar("access_log.path", c.access_log.path, log_path(),
                 {"Where one record per session goes: \"-\" for standard output, off, or a file.",
                  "/var/log/sluice/access.log"})
              .switch_off(),
          scalar("access_log.format", c.access_log.format,
                 choice<LogFormat>({{"json", LogFormat::kJson},
                                    {"text", LogFormat::kText},
                                    {"squid", LogFormat::kSquid}}),
                 {"The records' format.", "text"}),
          scalar("access_log.queue_lines", c.access_log.queue_lines, count(16, 1'048'576),
                 {"Records held in memory while the disk is slow; the oldest are dropped, and "
                  "counted.",
                  "8192"}),
          scalar("admin.listen", c.admin.listen, endpoint_or_off(),
                 {"Where /healthz, /readyz, /metrics, /sessions, /misroutes and /inspection are "
                  "served, or off.",
                  "127.0.0.1:3129"})
              .switch_off(),
          scalar("admin.token", c.admin.token, bearer_token(),
                 {"Asked for in \"Authorization: Bearer\"; needed when the listener is not on "
                  "loopback.",
                  "0123456789abcdef0123456789abcdef"}),
          scalar("admin.probes", c.admin.probes, endpoint_or_off(),
                 {"Where /livez and /readyz are served to anybody, and nothing else, or off.",
                  "0.0.0.0:3130"})
              .switch_off(),
      });
}

}  // namespace

std::vector<Field> fields_of(Config& c) {
  Fields out = {
      scalar("workers", c.workers, count_or_auto(1'024),
             {"Threads; auto is one for each CPU.", "4"}),
      list("listen", c.listen, listener(),
           {"Where clients connect; port 0 is any free one.", R"(["0.0.0.0:3128", "[::]:3128"])"}),
      list("proxy_protocol.from", c.proxy_protocol.from, cidr(),
           {"Load balancers, by address, whose connections begin with a PROXY header (versions 1 "
            "and 2) that names the client; those of all others must not.",
            R"(["10.0.0.4", "fd00:7::/64"])"}),
      scalar(
          "via", c.via, pseudonym(),
          {"The proxy's name in Via (RFC 9110 §7.6.3), by which it also detects loops.", "sluice"}),
      scalar("log_level", c.log_level,
             choice<LogLevel>({{"debug", LogLevel::kDebug},
                               {"info", LogLevel::kInfo},
                               {"warn", LogLevel::kWarn},
                               {"error", LogLevel::kError}}),
             {"How much the diagnostic log on standard error tells.", "debug"}),
  };
  add_policy(out, c.policy);
  add_dns(out, c.dns);
  add_timeouts(out, c.timeouts);
  add_limits(out, c.limits);
  add_tls(out, c.tls);
  add_observation(out, c);
  add_watching(out, c.misroutes, c.learn);
  return out;
}

}  // namespace config
