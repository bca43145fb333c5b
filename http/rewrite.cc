#include "http/rewrite.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/ascii.h"
#include "http/hop_by_hop.h"

namespace http {
namespace {

constexpr std::string_view kCrlf = "\r\n";
// Room for what is added to a head: start line, Host, framing, Via, Connection.
constexpr size_t kAddedBytes = 256;

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append(kCrlf);
}

size_t octets_of(const Fields& fields) {
  size_t sum = 0;
  for (size_t i = 0; i < fields.size(); ++i) {
    sum += fields.at(i).name.size() + fields.at(i).value.size() + 4;
  }
  return sum;
}

// One Via with all that was received, in order, and us behind (RFC 9110 §7.6.3).
void append_via(std::string& out, const Fields& fields, int minor_version,
                std::string_view pseudonym) {
  out += "Via: ";
  for (size_t i = 0; i < fields.size(); ++i) {
    const Field field = fields.at(i);
    if (!base::iequals(field.name, "Via") || field.value.empty()) continue;
    out.append(field.value).append(", ");
  }
  out.append(minor_version == 0 ? "1.0 " : "1.1 ").append(pseudonym).append(kCrlf);
}

void append_framing(std::string& out, const BodyLength& body) {
  if (body.kind == BodyKind::kLength) {
    append_field(out, "Content-Length", std::to_string(body.length));
  } else if (body.kind == BodyKind::kChunked) {
    append_field(out, "Transfer-Encoding", "chunked");
  }
}

void append_websocket(std::string& out) {
  append_field(out, "Upgrade", "websocket");
  append_field(out, "Connection", "Upgrade");
}

// Whether Content-Length tells the length of content that isn't sent: in responses to HEAD and in
// 304, never in 1xx and 204 (RFC 9110 §8.6). http::response_body proved it valid and single.
bool length_without_body(const ResponseHead& head, const ResponseRewrite& how) {
  const bool told = head.status == 304 ||
                    (how.request_method == "HEAD" && head.status >= 200 && head.status != 204);
  return told && how.body.kind == BodyKind::kNone && head.fields.count("Content-Length") == 1;
}

bool strips(std::span<const std::string> names, std::string_view name) {
  return std::any_of(names.begin(), names.end(),
                     [name](const std::string& each) { return base::iequals(each, name); });
}

bool is_max_forwards(std::string_view name) { return base::iequals(name, "Max-Forwards"); }

}  // namespace

std::string origin_request(const RequestHead& head, const Target& target,
                           const RequestRewrite& how) {
  assert(target.form == TargetForm::kAbsolute && "only absolute-form requests are forwarded");
  const HopByHop hop(MessageKind::kRequest, head.fields);
  std::string out;
  out.reserve(octets_of(head.fields) + target.path_and_query.size() + kAddedBytes);
  out.append(head.method).append(" ").append(target.path_and_query).append(" HTTP/1.1\r\n");
  // Host comes first and from the target, whatever was received (RFC 9112 §3.2.2).
  std::string host = target.authority.to_string();
  if (target.authority.port == default_port(target.scheme)) host.resize(host.rfind(':'));
  append_field(out, "Host", host);

  const bool expects = head.minor_version >= 1 && has_content(how.body);
  for (size_t i = 0; i < head.fields.size(); ++i) {
    const Field field = head.fields.at(i);
    if (hop.removes(field.name)) continue;
    if (base::iequals(field.name, "Expect") &&
        !(expects && base::iequals(field.value, "100-continue"))) {
      continue;
    }
    if (how.max_forwards >= 0 && is_max_forwards(field.name)) {
      append_field(out, field.name, std::to_string(how.max_forwards));
      continue;
    }
    append_field(out, field.name, field.value);
  }
  append_framing(out, how.body);
  append_via(out, head.fields, head.minor_version, how.via);
  if (how.upgrade == RequestRewrite::Upgrade::kWebSocket) {
    append_websocket(out);
  } else if (how.persistence == Persistence::kClose) {
    append_field(out, "Connection", "close");
  }
  return out.append(kCrlf);
}

std::string client_response(const ResponseHead& head, const ResponseRewrite& how) {
  assert(!(how.body.kind == BodyKind::kChunked && how.client_minor_version == 0) &&
         "HTTP/1.0 clients know no chunks");
  const HopByHop hop(MessageKind::kResponse, head.fields);
  std::string out;
  out.reserve(octets_of(head.fields) + head.reason.size() + kAddedBytes);
  out.append("HTTP/1.1 ").append(std::to_string(head.status)).append(" ");
  out.append(head.reason).append(kCrlf);
  for (size_t i = 0; i < head.fields.size(); ++i) {
    const Field field = head.fields.at(i);
    if (hop.removes(field.name) || strips(how.strip, field.name)) continue;
    append_field(out, field.name, field.value);
  }
  const bool dateless = head.status >= 200 && !head.fields.find("Date");
  if (dateless && !how.date.empty()) append_field(out, "Date", how.date);
  append_framing(out, how.body);
  if (length_without_body(head, how)) {
    append_field(out, "Content-Length", *head.fields.find("Content-Length"));
  }
  append_via(out, head.fields, head.minor_version, how.via);
  const bool closes =
      how.persistence == Persistence::kClose || how.body.kind == BodyKind::kUntilClose;
  if (head.status == 101 && how.upgrade == ResponseRewrite::Upgrade::kWebSocket) {
    append_websocket(out);
  } else if (head.status < 200) {
    // Interim responses say nothing about the connection.
  } else if (closes) {
    append_field(out, "Connection", "close");
  } else if (how.client_minor_version == 0) {
    append_field(out, "Connection", "keep-alive");
  }
  return out.append(kCrlf);
}

}  // namespace http
