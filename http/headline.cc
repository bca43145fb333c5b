#include "http/headline.h"

#include <algorithm>

#include "base/utf8.h"

namespace http {
namespace {

using base::ErrorCode;

std::string_view authority_in(std::string_view target) {
  const size_t scheme = target.find("://");
  if (scheme != std::string_view::npos) target.remove_prefix(scheme + 3);
  return target.substr(0, target.find('/'));
}

std::string_view host_in(std::string_view authority) {
  return authority.substr(0, authority.rfind(':'));
}

std::string denial(std::string_view authority, std::string_view rule) {
  const std::string what(authority);
  if (rule == "default") return "denied, no rule allows " + what;
  if (rule.empty()) return "denied: " + what;
  return "denied by \"" + std::string(rule) + "\": " + what;
}

// The part of a sentence that says what is wrong: up to its advice or its citation.
std::string_view first_clause(std::string_view sentence) {
  return sentence.substr(0, std::min(sentence.find(';'), sentence.find(" (RFC")));
}

std::string words_of(const Headline& about) {
  const std::string authority(authority_in(about.target));
  const std::string host(host_in(authority));
  switch (about.code) {
    case ErrorCode::kDenied: return denial(authority, about.rule);
    case ErrorCode::kAddressDenied: return "denied by the address guard: " + authority;
    case ErrorCode::kPortDenied: return "denied, port not in policy.connect_ports: " + authority;
    case ErrorCode::kDnsNotFound: return "DNS: " + host + " does not exist";
    case ErrorCode::kDnsNoAddress: return "DNS: " + host + " has no address";
    case ErrorCode::kDnsServerFailure: return "DNS: the name servers failed for " + host;
    case ErrorCode::kDnsRefused: return "DNS: the name servers refuse to resolve " + host;
    case ErrorCode::kDnsTimeout: return "DNS: no answer in time for " + host;
    case ErrorCode::kDnsUnreachable: return "DNS: no name server can be reached for " + host;
    case ErrorCode::kConnectRefused: return authority + " refused the connection";
    case ErrorCode::kConnectUnreachable: return "no route to " + authority;
    case ErrorCode::kConnectTimeout: return "no connection in time to " + authority;
    case ErrorCode::kConnectFailed: return "no connection to " + authority;
    case ErrorCode::kTlsHandshake:
    case ErrorCode::kTlsCertificate: {
      const std::string fault = about.tls_fault.empty() ? "" : ": " + std::string(about.tls_fault);
      return "TLS with " + authority + " failed" + fault;
    }
    case ErrorCode::kBadResponse: return authority + " sent a malformed response";
    case ErrorCode::kOriginClosed: return authority + " closed the connection without an answer";
    case ErrorCode::kOriginReset: return authority + " reset the connection";
    case ErrorCode::kOriginTimeout: return authority + " did not answer in time";
    default: return std::string(first_clause(about.sentence));
  }
}

}  // namespace

std::string ascii_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const auto character = base::first_character(text.substr(at));
    at += character ? character->octets : 1;
    if (!character) {
      out += '?';
    } else if (character->code >= 0x20 && character->code < 0x7f) {
      out += static_cast<char>(character->code);
    } else {
      out += character->code == U'§' ? "section " : "?";
    }
  }
  return out;
}

std::string headline_of(const Headline& about) {
  const std::string tail =
      about.request_id.empty() ? "" : " (id " + ascii_text(about.request_id) + ")";
  std::string out = "sluice: " + ascii_text(words_of(about));
  const size_t room = kMaxHeadline - std::min(kMaxHeadline - 16, tail.size());
  if (out.size() > room) {
    out.resize(room - 3);
    out += "...";
  }
  return (out + tail).substr(0, kMaxHeadline);
}

}  // namespace http
