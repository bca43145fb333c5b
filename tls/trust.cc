#include "tls/trust.h"

#include <openssl/x509_vfy.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "base/file_in_time.h"
#include "tls/bundle.h"
#include "tls/error.h"

namespace tls {
namespace {

namespace fs = std::filesystem;

// Debian and Ubuntu; Azure Linux and Fedora; Alpine; and Debian without its bundle.
constexpr std::array<const char*, 4> kSystemRoots{"/etc/ssl/certs/ca-certificates.crt",
                                                  "/etc/pki/tls/certs/ca-bundle.crt",
                                                  "/etc/ssl/cert.pem", "/etc/ssl/certs"};

base::Failure unreadable(const std::string& path, int cause) {
  return base::fail(base::ErrorCode::kIo, base::Party::kProxy,
                    "cannot read certificates from " + path + " (" + base::errno_name(cause) +
                        "); check the path and its permissions",
                    cause);
}

base::Result<size_t> add_file(TrustStore& store, const std::string& path) {
  const base::Result<std::string> text = base::read_file_in_time(path, kMaxBundleBytes);
  if (!text) return base::fail(text.error());
  base::Result<size_t> added = store.add_pem(*text);
  if (added) return added;
  base::Error error = added.error();
  error.detail = path + ": " + error.detail;
  return base::fail(std::move(error));
}

base::Result<size_t> add_directory(TrustStore& store, const std::string& path) {
  size_t added = 0;
  std::error_code failure;
  for (fs::directory_iterator entry(path, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    const fs::path& file = entry->path();
    std::error_code ignored;
    if (file.extension() != ".pem" && file.extension() != ".crt") continue;
    if (!fs::is_regular_file(file, ignored)) continue;
    base::Result<size_t> some = add_file(store, file.string());
    if (!some) return some;
    added += *some;
  }
  if (failure) return unreadable(path, failure.value());
  return added;
}

bool have_one_key(const X509* a, const X509* b) {
  const ASN1_BIT_STRING* one = X509_get0_pubkey_bitstr(a);
  const ASN1_BIT_STRING* other = X509_get0_pubkey_bitstr(b);
  return one != nullptr && other != nullptr && ASN1_STRING_cmp(one, other) == 0;
}

}  // namespace

TrustStore::TrustStore() : store_(X509_STORE_new()) {
  if (!store_) std::abort();  // out of memory
}

base::Result<TrustStore> TrustStore::system() {
  std::error_code ignored;
  for (const char* path : kSystemRoots) {
    if (!fs::exists(path, ignored)) continue;
    TrustStore store;
    const base::Result<size_t> added = store.add_path(path);
    if (!added) return base::fail(added.error());
    if (*added > 0) return store;
  }
  std::string looked;
  for (const char* path : kSystemRoots) looked += (looked.empty() ? "" : ", ") + std::string(path);
  return base::fail(base::ErrorCode::kIo, base::Party::kProxy,
                    "this system has no root certificates (looked at " + looked +
                        "); install the package ca-certificates",
                    ENOENT);
}

base::Result<size_t> TrustStore::add_path(const std::string& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return add_directory(*this, path);
  return add_file(*this, path);
}

base::Result<size_t> TrustStore::add_pem(std::string_view pem) {
  const base::Result<std::vector<Certificate>> certificates = parse_bundle(pem);
  if (!certificates) return base::fail(certificates.error());
  for (const Certificate& certificate : *certificates) add(certificate);
  return certificates->size();
}

void TrustStore::add(const Certificate& certificate) {
  for (const Certificate& authority : distrusted_) {
    if (have_one_key(certificate.raw(), authority.raw())) return;
  }
  if (X509_STORE_add_cert(store_.get(), certificate.raw()) != 1) std::abort();  // out of memory
}

std::vector<Certificate> TrustStore::certificates() const {
  const STACK_OF(X509_OBJECT)* objects = X509_STORE_get0_objects(store_.get());
  std::vector<Certificate> all;
  for (int i = 0; i < sk_X509_OBJECT_num(objects); ++i) {
    X509* const raw = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(objects, i));
    if (raw != nullptr) all.push_back(Certificate::share(raw));
  }
  return all;
}

void TrustStore::distrust(const Certificate& authority) {
  distrusted_.push_back(authority);
  // A store gives nothing back, so the others move into a new one.
  const StorePtr old = std::exchange(store_, StorePtr(X509_STORE_new()));
  if (!store_) std::abort();
  const STACK_OF(X509_OBJECT)* all = X509_STORE_get0_objects(old.get());
  for (int i = 0; i < sk_X509_OBJECT_num(all); ++i) {
    X509* const one = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(all, i));
    if (one != nullptr) add(Certificate::share(one));
  }
}

size_t TrustStore::size() const {
  return static_cast<size_t>(sk_X509_OBJECT_num(X509_STORE_get0_objects(store_.get())));
}

}  // namespace tls
