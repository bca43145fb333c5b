#include "proxy/access_record.h"

#include <array>
#include <charconv>

#include "base/escape.h"
#include "base/rfc3339.h"

namespace proxy {
namespace {

using base::append_padded;
using std::chrono::microseconds;
using std::chrono::milliseconds;

template <typename Number>
void append(std::string& out, Number number) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

// A member of a JSON object; every one but the first brings its comma.
void append_text(std::string& out, std::string_view name, std::string_view value) {
  base::append_json_string((out += name), value);
}

void append_number(std::string& out, std::string_view name, std::uint64_t value) {
  append(out += name, value);
}

void append_phase(std::string& out, std::string_view name, microseconds value) {
  append(out += name, value.count());
}

void append_error_members(std::string& out, const std::optional<base::Error>& error) {
  if (!error) {
    out += R"(,"fault":null,"cause":null,"errno":null,"detail":null)";
    return;
  }
  append_text(out, R"(,"fault":)", base::token_of(error->party));
  append_text(out, R"(,"cause":)", base::token_of(error->code));
  if (error->cause != 0) {
    append_text(out, R"(,"errno":)", base::errno_name(error->cause));
  } else {
    out += R"(,"errno":null)";
  }
  append_text(out, R"(,"detail":)", error->detail);
}

// Only where there is something to say of TLS.
void append_tls_members(std::string& out, const AccessRecord& record) {
  if (!record.identity.empty()) append_text(out, R"(,"identity":)", record.identity);
  if (!record.inspection.empty()) append_text(out, R"(,"inspection":)", record.inspection);
  if (!record.server_name.empty()) append_text(out, R"(,"server_name":)", record.server_name);
  if (!record.tls_reason.empty()) append_text(out, R"(,"tls_reason":)", record.tls_reason);
}

// Only where there are some.
void append_lints(std::string& out, http::Lints lints) {
  char separator = '[';
  lints.for_each([&](http::Lint lint) {
    append_text(out += separator == '[' ? R"(,"lints":[)" : ",", "", http::token_of(lint));
    separator = ',';
  });
  if (separator == ',') out += ']';
}

std::string json_line(const AccessRecord& record) {
  std::string out;
  out.reserve(640);
  out += R"({"time":")";
  base::append_rfc3339(out, record.time);
  append_text(out, R"(","id":)", record.id);
  append_text(out, R"(,"client":)", record.client.to_string());
  append_text(out, R"(,"method":)", record.method);
  append_text(out, R"(,"target":)", record.target);
  if (record.origin) {
    append_text(out, R"(,"origin":)", record.origin->to_string());
  } else {
    out += R"(,"origin":null)";
  }
  append(out += R"(,"status":)", record.status);
  append_text(out, R"(,"verdict":)", policy::token_of(record.verdict));
  append_text(out, R"(,"rule":)", record.rule);
  if (record.misroute.empty()) {
    out += R"(,"misroute":null)";
  } else {
    append_text(out, R"(,"misroute":)", record.misroute);
  }
  append_tls_members(out, record);
  append_lints(out, record.lints);
  append_error_members(out, record.error);
  append_number(out, R"(,"bytes_in":)", record.bytes_in);
  append_number(out, R"(,"bytes_out":)", record.bytes_out);
  append_number(out, R"(,"exchange":)", record.exchange);
  append_phase(out, R"(,"queue_us":)", record.phases.queue);
  append_phase(out, R"(,"dns_us":)", record.phases.dns);
  append_phase(out, R"(,"connect_us":)", record.phases.connect);
  append_phase(out, R"(,"tls_us":)", record.phases.tls);
  append_phase(out, R"(,"first_byte_us":)", record.phases.first_byte);
  append_phase(out, R"(,"total_us":)", record.phases.total);
  out += '}';
  return out;
}

// A field of a line whose fields are separated by spaces; "-" stands for nothing.
std::string field(std::string_view text) {
  return text.empty() ? "-" : base::printable(text, base::Spaces::kEscape);
}

// "12.345": milliseconds with their fraction.
void append_ms(std::string& out, std::string_view name, microseconds value) {
  append(out += name, value.count() / 1000);
  append_padded(out += '.', static_cast<unsigned>(value.count() % 1000), 3);
}

std::string text_line(const AccessRecord& record) {
  std::string out;
  out.reserve(512);
  base::append_rfc3339(out, record.time);
  out.append(" ").append(field(record.id));
  out.append(" ").append(record.client.to_string());
  out.append(" ").append(field(record.method));
  out.append(" ").append(field(record.target));
  out.append(" -> ").append(record.origin ? record.origin->to_string() : "-");
  append(out += ' ', record.status);
  out.append(" ").append(field(policy::token_of(record.verdict)));
  out.append(" rule=").append(field(record.rule));
  append_number(out, " in=", record.bytes_in);
  append_number(out, " out=", record.bytes_out);
  append_number(out, " exchange=", record.exchange);
  append_ms(out, " queue=", record.phases.queue);
  append_ms(out, "ms dns=", record.phases.dns);
  append_ms(out, "ms connect=", record.phases.connect);
  append_ms(out, "ms tls=", record.phases.tls);
  append_ms(out, "ms first_byte=", record.phases.first_byte);
  append_ms(out, "ms total=", record.phases.total);
  out += "ms";
  if (!record.misroute.empty()) out.append(" misroute=").append(field(record.misroute));
  if (!record.identity.empty()) out.append(" identity=").append(field(record.identity));
  if (!record.inspection.empty()) out.append(" inspection=").append(record.inspection);
  if (!record.server_name.empty()) out.append(" server_name=").append(field(record.server_name));
  if (!record.tls_reason.empty()) out.append(" tls_reason=").append(record.tls_reason);
  record.lints.for_each(
      [&](http::Lint lint) { out.append(" lint=").append(http::token_of(lint)); });
  if (record.error) {
    out.append(" fault=").append(base::token_of(record.error->party));
    out.append(" cause=").append(base::token_of(record.error->code));
    if (record.error->cause != 0) {
      out.append(" errno=").append(base::errno_name(record.error->cause));
    }
    append_text(out, " detail=", record.error->detail);
  }
  return out;
}

// Squid's result codes, as far as a proxy without a cache has them.
std::string_view squid_result(const AccessRecord& record) {
  using base::ErrorCode;
  if (record.verdict == policy::Verdict::kDeny) return "TCP_DENIED";
  if (!policy::lets_through(record.verdict)) return "NONE_NONE";
  const bool tunnel = record.method == "CONNECT";
  if (!record.error) return tunnel ? "TCP_TUNNEL" : "TCP_MISS";
  switch (record.error->code) {
    case ErrorCode::kClientClosed: return tunnel ? "TCP_TUNNEL_ABORTED" : "TCP_MISS_ABORTED";
    case ErrorCode::kClientTimeout:
    case ErrorCode::kIdleTimeout:
    case ErrorCode::kTotalTimeout: return tunnel ? "TCP_TUNNEL_TIMEDOUT" : "TCP_MISS_TIMEDOUT";
    default: return tunnel ? "TCP_TUNNEL" : "TCP_MISS";
  }
}

// Squid's native format: time.ms elapsed client result/status bytes method URL ident
// hierarchy/peer type. Squid logs no ident and no type for a tunnel either.
std::string squid_line(const AccessRecord& record) {
  const auto ms = std::chrono::floor<milliseconds>(record.time).time_since_epoch().count();
  const auto elapsed = std::chrono::floor<milliseconds>(record.phases.total).count();
  std::string out;
  out.reserve(256);
  append(out, ms / 1000);
  append_padded(out += '.', static_cast<unsigned>(ms % 1000), 3);
  append_padded(out += ' ', static_cast<unsigned>(elapsed), 6, ' ');
  out.append(" ").append(record.client.address.to_string());
  out.append(" ").append(squid_result(record));
  append_padded(out += '/', static_cast<unsigned>(record.status), 3);
  append_number(out, " ", record.bytes_out);
  out.append(" ").append(field(record.method));
  out.append(" ").append(field(record.target)).append(" - ");
  if (record.origin) {
    out.append("HIER_DIRECT/").append(record.origin->address.to_string());
  } else {
    out.append("HIER_NONE/-");
  }
  out += " -";
  return out;
}

}  // namespace

std::string format_record(const AccessRecord& record, config::LogFormat format) {
  switch (format) {
    case config::LogFormat::kJson: return json_line(record);
    case config::LogFormat::kText: return text_line(record);
    case config::LogFormat::kSquid: return squid_line(record);
  }
  return json_line(record);
}

}  // namespace proxy
