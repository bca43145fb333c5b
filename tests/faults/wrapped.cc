// System calls of the proxy's own code, and nghttp2's sessions, by the linker's --wrap.
#include <nghttp2/nghttp2.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdlib>
#include <unordered_set>

#include "tests/faults/failing.h"

using faults::is_due;
using faults::Kind;

// NOLINTBEGIN: the linker gives these names, and the sanitizers this one
extern "C" {

// nghttp2 1.52 can't be trusted to delete a session that memory failed (http/h2/connection.cc), so
// that is left behind on purpose. Other programs of the tests look for leaks of such sessions that
// nothing failed.
const char* __lsan_default_suppressions();
const char* __lsan_default_suppressions() { return "leak:libnghttp2"; }

int __real_socket(int a, int b, int c);
int __wrap_socket(int a, int b, int c);
int __wrap_socket(int a, int b, int c) {
  if (!is_due(Kind::kSystemCall)) return __real_socket(a, b, c);
  errno = EMFILE;
  return -1;
}

int __real_connect(int a, const sockaddr* b, socklen_t c);
int __wrap_connect(int a, const sockaddr* b, socklen_t c);
int __wrap_connect(int a, const sockaddr* b, socklen_t c) {
  if (!is_due(Kind::kSystemCall)) return __real_connect(a, b, c);
  errno = ENETUNREACH;
  return -1;
}

int __real_epoll_ctl(int a, int b, int c, epoll_event* d);
int __wrap_epoll_ctl(int a, int b, int c, epoll_event* d);
int __wrap_epoll_ctl(int a, int b, int c, epoll_event* d) {
  if (!is_due(Kind::kSystemCall)) return __real_epoll_ctl(a, b, c, d);
  errno = ENOSPC;
  return -1;
}

int __real_pipe2(int* a, int b);
int __wrap_pipe2(int* a, int b);
int __wrap_pipe2(int* a, int b) {
  if (!is_due(Kind::kSystemCall)) return __real_pipe2(a, b);
  errno = EMFILE;
  return -1;
}

ssize_t __real_recv(int a, void* b, size_t c, int d);
ssize_t __wrap_recv(int a, void* b, size_t c, int d);
ssize_t __wrap_recv(int a, void* b, size_t c, int d) {
  if (!is_due(Kind::kSystemCall)) return __real_recv(a, b, c, d);
  errno = ECONNRESET;
  return -1;
}

ssize_t __real_send(int a, const void* b, size_t c, int d);
ssize_t __wrap_send(int a, const void* b, size_t c, int d);
ssize_t __wrap_send(int a, const void* b, size_t c, int d) {
  if (!is_due(Kind::kSystemCall)) return __real_send(a, b, c, d);
  errno = EPIPE;
  return -1;
}

ssize_t __real_sendmsg(int a, const msghdr* b, int c);
ssize_t __wrap_sendmsg(int a, const msghdr* b, int c);
ssize_t __wrap_sendmsg(int a, const msghdr* b, int c) {
  if (!is_due(Kind::kSystemCall)) return __real_sendmsg(a, b, c);
  errno = EPIPE;
  return -1;
}

ssize_t __real_splice(int a, off64_t* b, int c, off64_t* d, size_t e, unsigned f);
ssize_t __wrap_splice(int a, off64_t* b, int c, off64_t* d, size_t e, unsigned f);
ssize_t __wrap_splice(int a, off64_t* b, int c, off64_t* d, size_t e, unsigned f) {
  if (!is_due(Kind::kSystemCall)) return __real_splice(a, b, c, d, e, f);
  errno = EINVAL;
  return -1;
}

int __real_shutdown(int a, int b);
int __wrap_shutdown(int a, int b);
int __wrap_shutdown(int a, int b) {
  if (!is_due(Kind::kSystemCall)) return __real_shutdown(a, b);
  errno = ENOTCONN;
  return -1;
}

int __real_setsockopt(int a, int b, int c, const void* d, socklen_t e);
int __wrap_setsockopt(int a, int b, int c, const void* d, socklen_t e);
int __wrap_setsockopt(int a, int b, int c, const void* d, socklen_t e) {
  if (!is_due(Kind::kSystemCall)) return __real_setsockopt(a, b, c, d, e);
  errno = EINVAL;
  return -1;
}

int __real_getsockopt(int a, int b, int c, void* d, socklen_t* e);
int __wrap_getsockopt(int a, int b, int c, void* d, socklen_t* e);
int __wrap_getsockopt(int a, int b, int c, void* d, socklen_t* e) {
  if (!is_due(Kind::kSystemCall)) return __real_getsockopt(a, b, c, d, e);
  errno = ENOBUFS;
  return -1;
}

int __real_getsockname(int a, sockaddr* b, socklen_t* c);
int __wrap_getsockname(int a, sockaddr* b, socklen_t* c);
int __wrap_getsockname(int a, sockaddr* b, socklen_t* c) {
  if (!is_due(Kind::kSystemCall)) return __real_getsockname(a, b, c);
  errno = ENOBUFS;
  return -1;
}

// What nghttp2 has. A session whose memory ran out is left as it is (http/h2/connection.cc), which
// is no leak to report.
static std::unordered_set<void*>& blocks() {
  static std::unordered_set<void*> all;
  return all;
}
static void give(void* block, void* /*user*/) {
  blocks().erase(block);
  std::free(block);
}
static void* noted(void* block) {
  if (block != nullptr) blocks().insert(block);
  return block;
}
static void* take(size_t octets, void* /*user*/) {
  return is_due(Kind::kNghttp2Memory) ? nullptr : noted(std::malloc(octets));
}
static void* take_zeroed(size_t count, size_t octets, void* /*user*/) {
  return is_due(Kind::kNghttp2Memory) ? nullptr : noted(std::calloc(count, octets));
}
static void* take_again(void* block, size_t octets, void* /*user*/) {
  if (is_due(Kind::kNghttp2Memory)) return nullptr;
  blocks().erase(block);
  return noted(std::realloc(block, octets));
}
static nghttp2_mem memory{nullptr, take, give, take_zeroed, take_again};

int __wrap_nghttp2_session_server_new2(nghttp2_session** session,
                                       const nghttp2_session_callbacks* callbacks, void* user,
                                       const nghttp2_option* option);
int __wrap_nghttp2_session_server_new2(nghttp2_session** session,
                                       const nghttp2_session_callbacks* callbacks, void* user,
                                       const nghttp2_option* option) {
  return nghttp2_session_server_new3(session, callbacks, user, option, &memory);
}
int __wrap_nghttp2_session_client_new2(nghttp2_session** session,
                                       const nghttp2_session_callbacks* callbacks, void* user,
                                       const nghttp2_option* option);
int __wrap_nghttp2_session_client_new2(nghttp2_session** session,
                                       const nghttp2_session_callbacks* callbacks, void* user,
                                       const nghttp2_option* option) {
  return nghttp2_session_client_new3(session, callbacks, user, option, &memory);
}

}  // extern "C"
// NOLINTEND
