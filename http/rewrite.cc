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

// Both forms of a head are written by the same functions, into one of these.
struct TextLines {
  std::string& out;
  void add(std::string_view name, std::string_view value) { append_field(out, name, value); }
};
struct FieldLines {
  Fields& out;
  void add(std::string_view name, std::string_view value) { out.add(base::lower(name), value); }
};

size_t octets_of(const Fields& fields) {
  size_t sum = 0;
  for (size_t i = 0; i < fields.size(); ++i) {
    sum += fields.at(i).name.size() + fields.at(i).value.size() + 4;
  }
  return sum;
}

// One Via with all that was received, in order, and us behind (RFC 9110 §7.6.3).
template <typename Head>
std::string via_of(const Head& head, std::string_view pseudonym) {
  std::string out;
  for (size_t i = 0; i < head.fields.size(); ++i) {
    const Field field = head.fields.at(i);
    if (!base::iequals(field.name, "Via") || field.value.empty()) continue;
    out.append(field.value).append(", ");
  }
  if (head.protocol == Protocol::kHttp2) return out.append("2 ").append(pseudonym);
  return out.append(head.minor_version == 0 ? "1.0 " : "1.1 ").append(pseudonym);
}

void append_framing(std::string& out, const BodyLength& body) {
  if (body.kind == BodyKind::kLength) {
    append_field(out, "Content-Length", std::to_string(body.length));
  } else if (body.kind == BodyKind::kChunked) {
    append_field(out, "Transfer-Encoding", "chunked");
  }
}

// Content-Length, where it is known, is all of the framing that HTTP/2 has in fields.
void add_length(Fields& out, const BodyLength& body) {
  if (body.kind == BodyKind::kLength) out.add("content-length", std::to_string(body.length));
}

void append_upgrade(std::string& out, std::string_view protocol) {
  append_field(out, "Upgrade", protocol);
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

// What is copied of a request, whatever the origin speaks.
template <typename Lines>
void copy_request(const RequestHead& head, const RequestRewrite& how, Lines lines) {
  const HopByHop hop(MessageKind::kRequest, head.fields);
  const bool expects = head.minor_version >= 1 && has_content(how.body);
  for (size_t i = 0; i < head.fields.size(); ++i) {
    const Field field = head.fields.at(i);
    if (hop.removes(field.name)) continue;
    if (base::iequals(field.name, "Expect") &&
        !(expects && base::iequals(field.value, "100-continue"))) {
      continue;
    }
    if (how.max_forwards >= 0 && is_max_forwards(field.name)) {
      lines.add(field.name, std::to_string(how.max_forwards));
      continue;
    }
    lines.add(field.name, field.value);
  }
}

// What is copied of a response, and Date.
template <typename Lines>
void copy_response(const ResponseHead& head, const ResponseRewrite& how, Lines lines) {
  const HopByHop hop(MessageKind::kResponse, head.fields);
  for (size_t i = 0; i < head.fields.size(); ++i) {
    const Field field = head.fields.at(i);
    if (hop.removes(field.name) || strips(how.strip, field.name)) continue;
    lines.add(field.name, field.value);
  }
  const bool dateless = head.status >= 200 && !head.fields.find("Date");
  if (dateless && !how.date.empty()) lines.add("Date", how.date);
}

}  // namespace

std::string origin_request(const RequestHead& head, const Target& target,
                           const RequestRewrite& how) {
  assert(target.form == TargetForm::kAbsolute && "only absolute-form requests are forwarded");
  std::string out;
  out.reserve(octets_of(head.fields) + target.path_and_query.size() + kAddedBytes);
  out.append(head.method).append(" ").append(target.path_and_query).append(" HTTP/1.1\r\n");
  // Host comes first and from the target, whatever was received (RFC 9112 §3.2.2).
  std::string host = target.authority.to_string();
  if (target.authority.port == default_port(target.scheme)) host.resize(host.rfind(':'));
  append_field(out, "Host", host);
  copy_request(head, how, TextLines{out});
  append_framing(out, how.body);
  append_field(out, "Via", via_of(head, how.via));
  if (!how.upgrade.empty()) {
    append_upgrade(out, how.upgrade);
  } else if (how.persistence == Persistence::kClose) {
    append_field(out, "Connection", "close");
  }
  return out.append(kCrlf);
}

Fields origin_fields(const RequestHead& head, const RequestRewrite& how) {
  Fields out;
  out.reserve(octets_of(head.fields) + kAddedBytes, head.fields.size() + 3);
  copy_request(head, how, FieldLines{out});
  add_length(out, how.body);
  // Trailers can be passed on from one stream to the other, and gRPC insists on being told so.
  if (head.fields.has_token("TE", "trailers")) out.add("te", "trailers");
  out.add("via", via_of(head, how.via));
  return out;
}

std::string client_response(const ResponseHead& head, const ResponseRewrite& how) {
  assert(!(how.body.kind == BodyKind::kChunked && how.client_minor_version == 0) &&
         "HTTP/1.0 clients know no chunks");
  std::string out;
  out.reserve(octets_of(head.fields) + head.reason.size() + kAddedBytes);
  out.append("HTTP/1.1 ").append(std::to_string(head.status)).append(" ");
  out.append(head.reason).append(kCrlf);
  copy_response(head, how, TextLines{out});
  append_framing(out, how.body);
  if (length_without_body(head, how)) {
    append_field(out, "Content-Length", *head.fields.find("Content-Length"));
  }
  append_field(out, "Via", via_of(head, how.via));
  const bool closes =
      how.persistence == Persistence::kClose || how.body.kind == BodyKind::kUntilClose;
  if (head.status == 101 && !how.upgrade.empty()) {
    append_upgrade(out, how.upgrade);
  } else if (head.status < 200) {
    // Interim responses say nothing about the connection.
  } else if (closes) {
    append_field(out, "Connection", "close");
  } else if (how.client_minor_version == 0) {
    append_field(out, "Connection", "keep-alive");
  }
  return out.append(kCrlf);
}

Fields client_fields(const ResponseHead& head, const ResponseRewrite& how) {
  Fields out;
  out.reserve(octets_of(head.fields) + kAddedBytes, head.fields.size() + 3);
  copy_response(head, how, FieldLines{out});
  add_length(out, how.body);
  if (length_without_body(head, how)) {
    out.add("content-length", *head.fields.find("Content-Length"));
  }
  out.add("via", via_of(head, how.via));
  return out;
}

}  // namespace http
