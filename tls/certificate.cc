#include "tls/certificate.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <ctime>
#include <limits>

#include "base/escape.h"
#include "base/ip.h"
#include "base/utf8.h"
#include "tls/error.h"

namespace tls {
namespace {

std::string take_text(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return size > 0 ? std::string(data, static_cast<size_t>(size)) : std::string();
}

std::string name_text(const X509_NAME* name) {
  // Controls are escaped with backslashes; all else is UTF-8, as RFC 4514 §2.4 allows.
  constexpr unsigned long kFormat = XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB;
  const BioPtr memory(BIO_new(BIO_s_mem()));
  if (!memory || X509_NAME_print_ex(memory.get(), name, 0, kFormat) < 0) return {};
  std::string text = take_text(memory.get());
  if (text.size() > CertificateFacts::kMaxText) {
    text.resize(base::cut_at_character(text, CertificateFacts::kMaxText).size());
    text += "...";
  }
  return text;
}

std::string general_name_text(const GENERAL_NAME& name) {
  const ASN1_STRING* value = name.type == GEN_DNS ? name.d.dNSName : name.d.iPAddress;
  const unsigned char* octets = ASN1_STRING_get0_data(value);
  const auto size = static_cast<size_t>(ASN1_STRING_length(value));
  if (name.type == GEN_DNS) {
    return base::printable({reinterpret_cast<const char*>(octets), size}, base::Spaces::kEscape,
                           CertificateFacts::kMaxText);
  }
  if (size == 4) {
    return base::IpAddress::v4({octets[0], octets[1], octets[2], octets[3]}).to_string();
  }
  if (size == 16) {
    std::array<std::uint8_t, 16> all{};
    std::copy(octets, octets + 16, all.begin());
    return base::IpAddress::v6(all).to_string();
  }
  return "(an IP address of " + std::to_string(size) + " octets)";
}

struct Sans {
  std::vector<std::string> texts;  // of the first ones
  size_t count = 0;                // of all
};

Sans sans_of(const X509* certificate, size_t max_texts) {
  Sans sans;
  const GeneralNamesPtr names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  const int count = names ? sk_GENERAL_NAME_num(names.get()) : 0;
  for (int i = 0; i < count; ++i) {
    const GENERAL_NAME& name = *sk_GENERAL_NAME_value(names.get(), i);
    if (name.type != GEN_DNS && name.type != GEN_IPADD) continue;
    ++sans.count;
    if (sans.texts.size() < max_texts) sans.texts.push_back(general_name_text(name));
  }
  // A malformed extension leaves its complaints behind.
  take_library_error();
  return sans;
}

base::WallTime wall_time(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  const std::time_t seconds = timegm(&parts);
  // The clock counts nanoseconds in 64 bits, and a certificate may say 99991231235959Z (RFC 5280
  // §4.1.2.5): what the clock can't hold is as good as never.
  using Seconds = std::chrono::seconds;
  const auto latest = std::chrono::floor<Seconds>(base::WallTime::max().time_since_epoch()).count();
  const auto earliest =
      std::chrono::ceil<Seconds>(base::WallTime::min().time_since_epoch()).count();
  return base::WallTime(Seconds(std::clamp<std::int64_t>(seconds, earliest, latest)));
}

std::string fingerprint(const X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) return {};
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  for (unsigned int i = 0; i < size; ++i) {
    text += kHex[digest[i] >> 4U];
    text += kHex[digest[i] & 15U];
  }
  return text;
}

}  // namespace

Certificate::Certificate(X509Ptr certificate) : certificate_(std::move(certificate)) {
  assert(certificate_ && "a Certificate of no certificate");
}

Certificate Certificate::share(x509_st* certificate) {
  X509_up_ref(certificate);
  return Certificate(X509Ptr(certificate));
}

CertificateFacts Certificate::facts() const {
  CertificateFacts facts;
  facts.subject = name_text(X509_get_subject_name(raw()));
  facts.issuer = name_text(X509_get_issuer_name(raw()));
  Sans sans = sans_of(raw(), CertificateFacts::kMaxSans);
  facts.sans = std::move(sans.texts);
  facts.san_count = sans.count;
  facts.not_before = not_before();
  facts.not_after = not_after();
  facts.is_ca = X509_check_ca(raw()) == 1;
  facts.sha256 = fingerprint(raw());
  // Malformed extensions leave their complaints behind.
  take_library_error();
  return facts;
}

base::WallTime Certificate::not_before() const { return wall_time(X509_get0_notBefore(raw())); }

base::WallTime Certificate::not_after() const { return wall_time(X509_get0_notAfter(raw())); }

std::vector<std::string> Certificate::sans() const {
  return sans_of(raw(), std::numeric_limits<size_t>::max()).texts;
}

std::string Certificate::pem() const {
  const BioPtr memory(BIO_new(BIO_s_mem()));
  if (!memory || PEM_write_bio_X509(memory.get(), raw()) != 1) {
    take_library_error();
    return {};
  }
  return take_text(memory.get());
}

std::string Certificate::der() const {
  const int size = i2d_X509(raw(), nullptr);
  std::string text(size > 0 ? static_cast<size_t>(size) : 0, '\0');
  auto* cursor = reinterpret_cast<unsigned char*>(text.data());
  if (!text.empty()) i2d_X509(raw(), &cursor);
  return text;
}

std::string to_string(base::WallTime time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 40> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

}  // namespace tls
