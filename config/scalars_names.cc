#include "config/scalars_names.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/ip.h"

namespace config {
namespace {

bool only(std::string_view text, std::string_view punctuation) {
  return std::all_of(text.begin(), text.end(), [punctuation](char c) {
    return base::is_alpha(c) || base::is_digit(c) || punctuation.find(c) != std::string_view::npos;
  });
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-';
}

// What is wrong with a lower-case name without its trailing dot; empty when nothing is.
std::string host_complaint(std::string_view name) {
  if (name.empty()) return "expected a host name such as \"example.com\"";
  if (name.find("://") != std::string_view::npos) return "expected a host name, not a URL";
  if (base::IpAddress::parse(name) || base::Cidr::parse(name, base::Cidr::HostBits::kClear)) {
    return "expected a host name; addresses and prefixes go under \"addresses\"";
  }
  if (name.find('/') != std::string_view::npos) return "expected a host name without a path";
  if (name.find(':') != std::string_view::npos) {
    return "expected a host name without a port; ports go under \"ports\"";
  }
  if (std::any_of(name.begin(), name.end(), [](char c) { return (c & 0x80) != 0; })) {
    return "expected ASCII; write an international name in its xn-- form";
  }
  if (!only(name, ".-_")) return "expected letters, digits, \"-\", \"_\" and \".\" only";
  if (name.size() > 253) return "longer than 253 characters (RFC 1035 §3.1)";
  std::string_view label;
  for (size_t start = 0; start <= name.size(); start += label.size() + 1) {
    label = name.substr(start, name.find('.', start) - start);
    if (is_label(label)) continue;
    return "every part between dots needs 1 to 63 characters and no \"-\" at its ends";
  }
  if (std::all_of(label.begin(), label.end(), base::is_digit)) {
    return "a name that ends in a number is read as an odd IPv4 address by some clients; put "
           "addresses under \"addresses\"";
  }
  return {};
}

std::string normal(std::string_view text) {
  if (!text.empty() && text.back() == '.') text.remove_suffix(1);
  return base::lower(text);
}

Parsed<std::string> parse_host(std::string_view text) {
  std::string name = normal(text);
  if (std::string complaint = host_complaint(name); !complaint.empty()) {
    return Complaint{std::move(complaint)};
  }
  return name;
}

Parsed<std::string> parse_pattern(std::string_view text) {
  std::string pattern = normal(text);
  if (text == "*") return Complaint{"a rule matches every name when it has no hosts; remove this"};
  const size_t prefix = pattern.starts_with("*.") ? 2 : pattern.starts_with(".") ? 1 : 0;
  const std::string_view name = std::string_view(pattern).substr(prefix);
  if (name.find('*') != std::string_view::npos) {
    return Complaint{
        "\"*\" may only stand first, as in \"*.example.com\" (all names below example.com); for "
        "the name itself as well write \".example.com\""};
  }
  if (std::string complaint = host_complaint(name); !complaint.empty()) {
    return Complaint{std::move(complaint)};
  }
  return pattern;
}

Json print_text(const std::string& text) { return text; }

Scalar<std::string> text_type(std::function<Parsed<std::string>(std::string_view)> parse,
                              const char* pattern) {
  Scalar<std::string> type;
  type.parse = std::move(parse);
  type.print = print_text;
  type.schema = Json{{"type", "string"}, {"pattern", pattern}};
  return type;
}

// A path, or "off" for the empty one.
Scalar<std::string> path_or_off(const char* expected) {
  Scalar<std::string> type = text_type(
      [expected](std::string_view text) -> Parsed<std::string> {
        if (text == "off") return std::string();
        const bool controls = std::any_of(text.begin(), text.end(),
                                          [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; });
        if (text.empty() || controls || text.size() > 4095) return Complaint{expected};
        return std::string(text);
      },
      "^.+$");
  type.print = [](const std::string& path) -> Json { return path.empty() ? "off" : path; };
  return type;
}

}  // namespace

Scalar<std::string> host_name() { return text_type(parse_host, "^[A-Za-z0-9._-]+$"); }

Scalar<std::string> host_pattern() {
  return text_type(parse_pattern, "^(\\*\\.|\\.)?[A-Za-z0-9_][A-Za-z0-9._-]*$");
}

Scalar<std::string> rule_name() {
  return text_type(
      [](std::string_view text) -> Parsed<std::string> {
        // Those of proxy/policy/engine.h.
        static constexpr std::array<std::string_view, 5> kReserved = {
            "default", "connect-ports", "clients", "address-guard", "own-listener"};
        if (text.empty() || text.size() > 64 || !only(text, "._-")) {
          return Complaint{"expected 1 to 64 letters, digits, \".\", \"_\" and \"-\""};
        }
        if (std::find(kReserved.begin(), kReserved.end(), text) != kReserved.end()) {
          return Complaint{"denials use this name for something else; choose another"};
        }
        return std::string(text);
      },
      "^[A-Za-z0-9._-]{1,64}$");
}

Scalar<std::string> profile_name() {
  return text_type(
      [](std::string_view text) -> Parsed<std::string> {
        std::string name = base::lower(text);
        if (name.empty()) return name;
        if (name.size() <= 256 && name.starts_with("aks:") && only(name, ":,-")) return name;
        return Complaint{"expected \"aks:\" and a region, as in \"aks:westeurope,monitor\""};
      },
      "^(aks:[A-Za-z0-9:,-]{1,252})?$");
}

Scalar<std::string> pseudonym() {
  return text_type(
      [](std::string_view text) -> Parsed<std::string> {
        if (!text.empty() && text.size() <= 64 && only(text, "!#$%&'*+-.^_`|~")) {
          return std::string(text);
        }
        return Complaint{"expected 1 to 64 letters, digits, \"-\" and \".\", as in \"proxy-1\""};
      },
      "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$");
}

Scalar<std::string> log_path() {
  return path_or_off("expected \"-\" for standard output, off, or the path of a file");
}

Scalar<std::string> file_or_off() {
  Scalar<std::string> type = path_or_off("expected off or the path of a file");
  type.parse = [parse = type.parse](std::string_view text) -> Parsed<std::string> {
    if (text == "-") return Complaint{"expected a file; standard output can't be read again"};
    return parse(text);
  };
  return type;
}

Scalar<std::string> file_path() {
  return text_type(
      [](std::string_view text) -> Parsed<std::string> {
        if (!text.empty() && text != "-") return std::string(text);
        return Complaint{"expected the path of a file"};
      },
      "^.+$");
}

Scalar<std::string> identity() {
  return text_type(
      [](std::string_view text) -> Parsed<std::string> {
        const bool printable =
            std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7e; });
        if (printable && !text.empty() && text.size() <= 256) return std::string(text);
        return Complaint{"expected 1 to 256 printable ASCII characters"};
      },
      "^[ -~]{1,256}$");
}

Scalar<std::string> method() {
  return text_type(
      [](std::string_view text) -> Parsed<std::string> {
        if (text == "CONNECT") {
          return Complaint{"a CONNECT is judged by hosts and ports; name what is sent inside"};
        }
        const bool capitals = std::all_of(text.begin(), text.end(), [](char c) {
          return (base::is_alpha(c) && base::to_lower(c) != c) || base::is_digit(c) || c == '-';
        });
        if (capitals && !text.empty() && text.size() <= 64) return std::string(text);
        return Complaint{"expected a method in capitals, as in \"GET\""};
      },
      "^[A-Z0-9-]{1,64}$");
}

Scalar<std::string> upgrade_protocol() {
  return text_type(
      [](std::string_view text) -> Parsed<std::string> {
        const size_t slash = std::min(text.find('/'), text.size());
        const std::string_view name = text.substr(0, slash);
        const bool versioned = slash < text.size();
        const auto is_token = [](std::string_view part) {
          return !part.empty() && only(part, "!#$%&'*+-.^_`|~");
        };
        if (!is_token(name) || (versioned && !is_token(text.substr(slash + 1)))) {
          return Complaint{"expected a protocol as in \"SPDY/3.1\", or \"SPDY\" for all versions"};
        }
        for (const char* hidden : {"HTTP", "TLS", "h2", "h2c"}) {
          if (base::iequals(name, hidden)) {
            return Complaint{"expected no HTTP and no TLS: requests in it would go unjudged"};
          }
        }
        return std::string(text);
      },
      "^[A-Za-z0-9!#$%&'*+.^_`|~-]+(/[A-Za-z0-9!#$%&'*+.^_`|~-]+)?$");
}

Scalar<std::string> path_prefix() {
  return text_type(
      [](std::string_view text) -> Parsed<std::string> {
        if (!text.starts_with('/')) return Complaint{"expected a path, which starts with \"/\""};
        if (!only(text, "-._~!$&'()*+,;=:@/")) {
          return Complaint{"expected a path without query, fragment, blanks and \"%\""};
        }
        const std::string framed = std::string(text) + "/";
        for (const char* odd : {"/./", "/../"}) {
          if (framed.find(odd) != std::string::npos) {
            return Complaint{"expected a path without \".\" and \"..\" between its slashes"};
          }
        }
        if (text.find("//") != std::string_view::npos) {
          return Complaint{"expected a path without \"//\""};
        }
        return std::string(text);
      },
      "^/[^?#% ]*$");
}

Scalar<std::string> field_name() {
  return text_type(
      [](std::string_view text) -> Parsed<std::string> {
        if (!text.empty() && text.size() <= 64 && only(text, "!#$%&'*+-.^_`|~")) {
          return std::string(text);
        }
        return Complaint{"expected the name of a field, as in \"Alt-Svc\""};
      },
      "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$");
}

Scalar<std::string> host_name_or_none() {
  return text_type(
      [](std::string_view text) -> Parsed<std::string> {
        return text.empty() ? Parsed<std::string>(std::string()) : parse_host(text);
      },
      "^[A-Za-z0-9._-]*$");
}

Scalar<std::string> bearer_token() {
  Scalar<std::string> type = text_type(
      [](std::string_view text) -> Parsed<std::string> {
        if (text == kMask)
          return Complaint{"that is what `config show` prints instead of a secret"};
        if (text.empty()) return std::string();
        const std::string_view body = text.substr(0, text.find_last_not_of('=') + 1);
        if (text.size() >= 16 && text.size() <= 512 && !body.empty() && only(body, "-._~+/")) {
          return std::string(text);
        }
        return Complaint{
            "expected 16 to 512 letters, digits and -._~+/, as `openssl rand -hex 32` makes"};
      },
      "^([A-Za-z0-9._~+/-]+=*)?$");
  type.print = [](const std::string& token) -> Json {
    return token.empty() ? "" : std::string(kMask);
  };
  type.secrecy = Secrecy::kSecret;
  return type;
}

}  // namespace config
