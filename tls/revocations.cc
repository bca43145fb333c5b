#include "tls/revocations.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>

#include "base/file_in_time.h"
#include "tls/bundle.h"
#include "tls/error.h"
#include "tls/handles.h"

namespace tls {

base::Result<size_t> add_revocations(TrustStore& store, const std::string& path) {
  const base::Result<std::string> text = base::read_file_in_time(path, kMaxBundleBytes);
  if (!text) return base::fail(text.error());
  ERR_clear_error();
  const BioPtr memory(BIO_new_mem_buf(text->data(), static_cast<int>(text->size())));
  if (!memory) return library_failure("no memory for revocation lists");
  size_t lists = 0;
  while (
      const RevocationsPtr list{PEM_read_bio_X509_CRL(memory.get(), nullptr, nullptr, nullptr)}) {
    if (X509_STORE_add_crl(store.raw(), list.get()) != 1) {
      return library_failure("cannot keep a revocation list");
    }
    ++lists;
  }
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  const LibraryError error = take_library_error();
  if (!at_end || lists == 0) {
    return base::fail(base::ErrorCode::kBadRequest, base::Party::kProxy,
                      path + " holds no usable revocation list" +
                          (at_end ? "" : " (" + error.text + ")") +
                          "; expected PEM blocks \"X509 CRL\"");
  }
  X509_STORE_set_flags(store.raw(), X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
  return lists;
}

}  // namespace tls
