// A proxy's replacement by a new program, seen from the one that goes: it starts the program anew
// with the listening sockets open, waits until that says that it serves, and only then stops
// accepting. As long as the new one has not said so, the old one serves as before.
//
//   old                                    new
//   starts it (twice forked, so that its
//   parent is the service manager)   ───▶  reads the configuration, takes the sockets
//                                    ◀───  "ready VERSION", accepting already; or "failed SENTENCE"
//   "go on"; stops accepting         ───▶  goes on; without the word it ends
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/fd.h"
#include "base/result.h"
#include "cli/program_image.h"
#include "net/inherited_sockets.h"

namespace cli {

class Upgrade {
 public:
  // The new program has to serve within this time.
  static constexpr std::chrono::seconds kLimit{30};

  // Why this process can't be replaced by another, with what to do instead; "" if it can.
  static std::string obstacle();
  // Starts `program`, which gets `sockets`. Fails (proxy) with kIo without descriptors or memory.
  static base::Result<Upgrade> begin(const ProgramImage& program,
                                     const std::vector<net::HandedSocket>& sockets);

  enum class State : std::uint8_t { kUnderWay, kReady, kFailed };
  // What is known by now. Once it is kFailed, the new process has ended or is about to.
  State look();
  pid_t successor() const { return successor_; }
  const std::string& version() const { return version_; }  // of the new one, once it is ready
  const std::string& why() const { return why_; }          // it failed

  // Ends the new process, which is not to serve after all.
  void abandon();
  // Tells the new process that it is alone from now on.
  void go_on();

 private:
  Upgrade(base::Fd channel, pid_t successor);
  void hear(std::string_view message);
  void fail(const std::string& why);

  base::Fd channel_;
  pid_t successor_;
  base::Instant until_;
  State state_ = State::kUnderWay;
  std::string version_, why_;
};

}  // namespace cli
