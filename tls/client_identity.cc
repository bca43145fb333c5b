#include "tls/client_identity.h"

#include <openssl/x509v3.h>

#include <algorithm>
#include <string_view>

#include "base/ascii.h"
#include "tls/error.h"
#include "tls/peer_name.h"

namespace tls {
namespace {

// Longer ones are not names that anybody writes into a rule.
constexpr size_t kMaxName = 1024;

bool is_graphic(std::string_view text) {
  return !text.empty() && text.size() <= kMaxName &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

// scheme "://" …, RFC 3986 §3.1
std::string uri(std::string_view text) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos || !text.substr(colon).starts_with("://")) return {};
  const std::string_view scheme = text.substr(0, colon);
  const bool valid = !scheme.empty() && base::is_alpha(scheme.front()) &&
                     std::all_of(scheme.begin(), scheme.end(), [](char c) {
                       return base::is_alpha(c) || base::is_digit(c) ||
                              std::string_view("+-.").find(c) != std::string_view::npos;
                     });
  return valid && is_graphic(text) ? std::string(text) : std::string();
}

std::string dns(std::string_view text) {
  const base::Result<PeerName> name = PeerName::parse(text);
  return name ? name->dns : std::string();
}

// The forms with quotes and the like are left out: nobody has them, and they may hold anything.
std::string email(std::string_view text) {
  const bool plain = is_graphic(text) && text.find_first_of("\"=:/,") == std::string_view::npos;
  const size_t at = text.find('@');
  return plain && at != 0 && at != std::string_view::npos && at == text.rfind('@') &&
                 at + 1 < text.size()
             ? std::string(text)
             : std::string();
}

struct Kind {
  int type;
  std::string (*read)(std::string_view text);
};
constexpr Kind kKinds[] = {{GEN_URI, uri}, {GEN_DNS, dns}, {GEN_EMAIL, email}};

std::string first_of(const GENERAL_NAMES* names, const Kind& kind) {
  for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names, i);
    if (name->type != kind.type) continue;
    const ASN1_STRING* const value = name->d.ia5;  // as are the URI and the DNS name
    const std::string_view text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
                                static_cast<size_t>(ASN1_STRING_length(value)));
    if (std::string read = kind.read(text); !read.empty()) return read;
  }
  return {};
}

}  // namespace

std::string client_identity(const Certificate& certificate) {
  const GeneralNamesPtr names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate.raw(), NID_subject_alt_name, nullptr, nullptr)));
  take_library_error();
  for (const Kind& kind : kKinds) {
    if (std::string name = first_of(names.get(), kind); !name.empty()) return name;
  }
  CertificateFacts facts = certificate.facts();
  // One that was cut short may be that of others too.
  const bool whole = facts.subject.size() <= CertificateFacts::kMaxText;
  return facts.subject.empty() || !whole ? "sha256=" + facts.sha256 : facts.subject;
}

}  // namespace tls
