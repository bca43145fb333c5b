#include "tls/bundle.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include "base/escape.h"
#include "tls/error.h"

namespace tls {
namespace {

// One PEM block as OpenSSL read it.
struct Block {
  std::string label;
  std::vector<unsigned char> der;
};

enum class Next { kBlock, kEnd, kBroken };

Next read_block(BIO* memory, Block& block) {
  char* label = nullptr;
  char* header = nullptr;
  unsigned char* der = nullptr;
  long size = 0;
  if (PEM_read_bio(memory, &label, &header, &der, &size) != 1) {
    // The end of the text looks like a missing start line.
    const bool end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    return end ? Next::kEnd : Next::kBroken;
  }
  block.label = label;
  block.der.assign(der, der + size);
  OPENSSL_cleanse(der, static_cast<size_t>(size));
  OPENSSL_free(label);
  OPENSSL_free(header);
  OPENSSL_free(der);
  return Next::kBlock;
}

bool is_certificate_label(std::string_view label) {
  return label == PEM_STRING_X509 || label == PEM_STRING_X509_OLD;
}

base::Failure broken(size_t number, const std::string& why) {
  take_library_error();
  return base::fail(base::ErrorCode::kBadRequest, base::Party::kProxy,
                    "block " + std::to_string(number) + " of the PEM bundle " + why);
}

}  // namespace

base::Result<std::vector<Certificate>> parse_bundle(std::string_view pem) {
  if (pem.size() > kMaxBundleBytes) {
    return base::fail(base::ErrorCode::kBadRequest, base::Party::kProxy,
                      "the PEM bundle has more than 4 MiB; split it");
  }
  ERR_clear_error();
  const BioPtr memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (!memory) return library_failure("no memory for a PEM bundle");
  std::vector<Certificate> certificates;
  for (size_t number = 1;; ++number) {
    Block block;
    const Next next = read_block(memory.get(), block);
    if (next == Next::kEnd) break;
    if (next == Next::kBroken) {
      return broken(number, "is not whole Base64 between BEGIN and END lines; copy it again");
    }
    if (!is_certificate_label(block.label)) {
      std::string why = "is a " + base::printable(block.label, base::Spaces::kKeep, 64) +
                        " where only certificates belong; remove it";
      if (block.label.find("PRIVATE KEY") != std::string::npos)
        why += " and treat that key as exposed";
      OPENSSL_cleanse(block.der.data(), block.der.size());
      return broken(number, why);
    }
    const unsigned char* cursor = block.der.data();
    X509Ptr certificate(d2i_X509(nullptr, &cursor, static_cast<long>(block.der.size())));
    if (!certificate || cursor != block.der.data() + block.der.size()) {
      return broken(number, "does not decode as an X.509 certificate; export it again");
    }
    if (certificates.size() == kMaxBundleCertificates) {
      return broken(number, "is beyond the 2000 certificates that a bundle may have; split it");
    }
    certificates.emplace_back(std::move(certificate));
  }
  take_library_error();
  if (certificates.empty()) {
    return base::fail(base::ErrorCode::kBadRequest, base::Party::kProxy,
                      "the PEM bundle holds no certificate; expected text with "
                      "\"-----BEGIN CERTIFICATE-----\"");
  }
  return certificates;
}

}  // namespace tls
