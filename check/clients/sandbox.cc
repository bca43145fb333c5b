#include "check/clients/sandbox.h"

#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace check {
namespace {

base::Failure trouble(const std::string& what) {
  const int cause = errno;
  return base::fail(base::ErrorCode::kIo, base::Party::kProxy,
                    what + " (" + base::errno_name(cause) +
                        "); run as root, allow unprivileged user namespaces, or use --clients here",
                    cause);
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

bool write_text(const char* path, const std::string& text) {
  std::ofstream file(path);
  file << text << std::flush;
  return file.good();
}

base::Result<void> enter_namespaces() {
  const uid_t uid = ::geteuid();
  const gid_t gid = ::getegid();
  const int own_user = uid == 0 ? 0 : CLONE_NEWUSER;
  if (::unshare(CLONE_NEWNET | CLONE_NEWNS | own_user) != 0) {
    return trouble("no network namespace could be made");
  }
  if (own_user == 0) return {};
  const bool mapped = write_text("/proc/self/setgroups", "deny") &&
                      write_text("/proc/self/uid_map", "0 " + std::to_string(uid) + " 1") &&
                      write_text("/proc/self/gid_map", "0 " + std::to_string(gid) + " 1");
  if (!mapped) return trouble("the user namespace could not be set up");
  return {};
}

base::Result<void> raise_loopback() {
  const Descriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  std::strncpy(request.ifr_name, "lo", IFNAMSIZ - 1);
  if (::ioctl(socket.get(), SIOCGIFFLAGS, &request) != 0) return trouble("loopback is missing");
  request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
  if (::ioctl(socket.get(), SIOCSIFFLAGS, &request) != 0) {
    return trouble("loopback could not be raised");
  }
  return {};
}

// Makes every address of the family local: `ip route add local default dev lo`. 0 or an errno.
int make_all_local(unsigned char family) {
  struct {
    nlmsghdr header;
    rtmsg route;
    rtattr attribute;
    std::uint32_t device;
  } request{};
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = RTM_NEWROUTE;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_ACK;
  request.route.rtm_family = family;
  request.route.rtm_table = RT_TABLE_LOCAL;
  request.route.rtm_protocol = RTPROT_STATIC;
  request.route.rtm_scope = RT_SCOPE_HOST;
  request.route.rtm_type = RTN_LOCAL;
  request.attribute.rta_type = RTA_OIF;
  request.attribute.rta_len = RTA_LENGTH(sizeof request.device);
  request.device = ::if_nametoindex("lo");
  const Descriptor socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  if (::send(socket.get(), &request, sizeof request, 0) < 0) return errno;
  struct {
    nlmsghdr header;
    nlmsgerr error;
  } reply{};
  if (::recv(socket.get(), &reply, sizeof reply, 0) < 0) return errno;
  return -reply.error.error;
}

base::Result<void> lay_hosts(const std::map<std::string, base::IpAddress>& hosts) {
  std::string text = "127.0.0.1 localhost\n";
  for (const auto& [name, address] : hosts) text += address.to_string() + " " + name + "\n";
  // Mounts of this namespace alone.
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    return trouble("mounts could not be made private");
  }
  char path[] = "/tmp/sluice-hosts-XXXXXX";
  const Descriptor file(::mkstemp(path));
  if (file.get() < 0) return trouble("no temporary file could be made in /tmp");
  const bool written = write_text(path, text) && ::fchmod(file.get(), 0644) == 0;
  const bool mounted = written && ::mount(path, "/etc/hosts", nullptr, MS_BIND, nullptr) == 0;
  const int cause = errno;
  ::unlink(path);
  errno = cause;
  if (!mounted) return trouble("/etc/hosts could not be replaced");
  return {};
}

}  // namespace

base::Result<void> enter_sandbox(const std::map<std::string, base::IpAddress>& hosts) {
  if (auto done = enter_namespaces(); !done) return done;
  if (auto done = raise_loopback(); !done) return done;
  errno = make_all_local(AF_INET);
  if (errno != 0) return trouble("addresses could not be made local");
  // Without IPv6 in the kernel there are no such destinations either.
  make_all_local(AF_INET6);
  return lay_hosts(hosts);
}

}  // namespace check
