#include "tls/private_key.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>

#include "tls/error.h"

namespace tls {
namespace {

// Large enough for RSA-16384 with comments.
constexpr size_t kMaxKeyBytes = 64 * 1024;

// Without it OpenSSL would ask the terminal for a passphrase.
int no_passphrase(char*, int, int, void*) { return -1; }

base::Failure file_failure(const std::string& path, const char* doing, int cause) {
  std::string detail = std::string("cannot ") + doing + " the key file " + path + " (" +
                       base::errno_name(cause) + ")";
  if (cause == EEXIST) detail += "; move the old key away first, it is never overwritten";
  return base::fail(base::ErrorCode::kIo, base::Party::kProxy, std::move(detail), cause);
}

bool write_whole(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = ::write(fd, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    text.remove_prefix(static_cast<size_t>(put));
  }
  return ::fsync(fd) == 0;
}

}  // namespace

PrivateKey::PrivateKey(KeyPtr key) : key_(std::move(key)) {
  assert(key_ && "a PrivateKey of no key");
}

base::Result<PrivateKey> PrivateKey::generate() {
  ERR_clear_error();
  KeyPtr key(EVP_EC_gen("P-256"));
  if (!key) return library_failure("cannot generate a P-256 key");
  return PrivateKey(std::move(key));
}

base::Result<PrivateKey> PrivateKey::from_pem(std::string_view pem) {
  ERR_clear_error();
  if (pem.size() > kMaxKeyBytes) {
    return base::fail(base::ErrorCode::kBadRequest, base::Party::kProxy,
                      "the private key has more than 64 KiB of PEM; expected a single key");
  }
  const BioPtr memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  KeyPtr key(memory ? PEM_read_bio_PrivateKey(memory.get(), nullptr, no_passphrase, nullptr)
                    : nullptr);
  // What OpenSSL says here may quote the input, so it is dropped.
  take_library_error();
  if (!key) {
    return base::fail(base::ErrorCode::kBadRequest, base::Party::kProxy,
                      "the text is not an unencrypted private key in PEM; expected "
                      "\"-----BEGIN PRIVATE KEY-----\" (openssl pkey removes a passphrase)");
  }
  return PrivateKey(std::move(key));
}

std::string PrivateKey::pem() const {
  const BioPtr memory(BIO_new(BIO_s_secmem()));
  if (!memory || PEM_write_bio_PKCS8PrivateKey(memory.get(), raw(), nullptr, nullptr, 0, nullptr,
                                               nullptr) != 1) {
    take_library_error();
    return {};
  }
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<size_t>(size)};
}

void wipe(std::string& secret) {
  OPENSSL_cleanse(secret.data(), secret.size());
  secret.clear();
}

base::Result<void> write_key_file(const std::string& path, const PrivateKey& key) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return file_failure(path, "create", errno);
  std::string text = key.pem();
  const bool written = !text.empty() && write_whole(fd, text);
  const int cause = errno;
  wipe(text);
  ::close(fd);
  if (written) return {};
  ::unlink(path.c_str());
  return file_failure(path, "write", cause);
}

}  // namespace tls
