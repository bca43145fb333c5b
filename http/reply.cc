#include "http/reply.h"

#include <utility>

#include "base/escape.h"
#include "http/headline.h"
#include "http/proxy_status.h"

namespace http {
namespace {

// What this proxy forwards or answers; TRACE is refused, since it reflects credentials.
constexpr std::string_view kAllow = "CONNECT, DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT";
// Long enough for sessions to end, short enough not to be noticed by a retrying client.
constexpr std::string_view kRetryAfterSeconds = "2";

void append_status_line(std::string& out, const Reply& reply) {
  out.append("HTTP/1.1 ").append(std::to_string(reply.status)).append(" ");
  out.append(reply.headline.empty() ? reason_of(reply.status) : std::string_view(reply.headline));
  out.append("\r\n");
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

// Both spellings are explicit, for HTTP/1.0 clients as well.
void append_persistence(std::string& out, Persistence persistence) {
  append_field(out, "Connection", persistence == Persistence::kClose ? "close" : "keep-alive");
}

void append_line(std::string& out, std::string_view label, std::string_view text) {
  if (text.empty()) return;
  out.append(label).append(base::one_line(text)).append("\n");
}

std::string body_of(const ErrorReply& reply) {
  std::string body = std::to_string(reply.status) + " " + std::string(reason_of(reply.status));
  body += "\n\n";
  append_line(body, "", reply.sentence);
  append_line(body, "Next step: ", reply.next_step);
  body += "\n";
  append_line(body, "Error: ", reply.code);
  for (const ErrorReply::Fact& fact : reply.facts) {
    append_line(body, std::string(fact.name) + ": ", fact.value);
  }
  append_line(body, "Rule: ", reply.rule);
  append_line(body, "Request id: ", reply.request_id);
  append_line(body, "Proxy: ", reply.via);
  return body;
}

}  // namespace

Reply error_message(const ErrorReply& reply) {
  std::string body = body_of(reply);
  Reply out;
  out.status = reply.status;
  out.headline = ascii_text(reply.headline);
  Fields& fields = out.fields;
  fields.reserve(1024, 10);
  if (!reply.date.empty()) fields.add("Date", reply.date);
  fields.add("Content-Type", "text/plain; charset=utf-8");
  fields.add("Content-Length", std::to_string(body.size()));
  fields.add("X-Content-Type-Options", "nosniff");
  fields.add("Cache-Control", "no-store");
  fields.add("Proxy-Status", proxy_status(reply.via, reply.code, reply.sentence, reply.request_id));
  if (!reply.tls_fault.empty()) fields.add("Sluice-TLS-Fault", reply.tls_fault);
  if (reply.status == 503) fields.add("Retry-After", kRetryAfterSeconds);
  if (reply.status == 405) fields.add("Allow", kAllow);
  if (reply.body == ErrorReply::Body::kSend) out.body = std::move(body);
  return out;
}

std::string to_http1(const Reply& reply, Persistence persistence) {
  std::string out;
  out.reserve(reply.body.size() + 512);
  append_status_line(out, reply);
  for (size_t i = 0; i < reply.fields.size(); ++i) {
    append_field(out, reply.fields.at(i).name, reply.fields.at(i).value);
  }
  append_persistence(out, persistence);
  return out.append("\r\n").append(reply.body);
}

std::string error_reply(const ErrorReply& reply) {
  return to_http1(error_message(reply), reply.persistence);
}

std::string_view reason_of(int status) {
  switch (status) {
    case 100: return "Continue";
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 204: return "No Content";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 407: return "Proxy Authentication Required";
    case 408: return "Request Timeout";
    case 411: return "Length Required";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 421: return "Misdirected Request";
    case 426: return "Upgrade Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    case 508: return "Loop Detected";
    default: return "";
  }
}

std::string_view connect_reply() { return "HTTP/1.1 200 Connection established\r\n\r\n"; }

std::string_view continue_reply() { return "HTTP/1.1 100 Continue\r\n\r\n"; }

Reply options_message(std::string_view via) {
  Reply out;
  out.status = 200;
  out.fields.add("Allow", kAllow);
  out.fields.add("Content-Length", "0");
  out.fields.add("Proxy-Status", proxy_status(via));
  return out;
}

}  // namespace http
