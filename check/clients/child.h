// Programs run as children.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace check {

using Arguments = std::vector<std::string>;
using Variables = std::vector<std::string>;  // "NAME=value"

// A child in a process group of its own, without input. Its end shows on descriptor(); the
// destructor kills what is left of the group and waits.
class Child {
 public:
  enum class Output { kDropped, kCollected };

  // Looks the program up in this process's PATH. Fails (proxy) with kIo when it can't be started.
  static base::Result<Child> start(const Arguments& arguments, const Variables& environment,
                                   Output output);
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;
  ~Child();

  // Readable once the child has ended.
  int descriptor() const { return descriptor_; }

  // Waits until the end or the deadline. True when it ended with exit code 0.
  bool succeed_by(base::Instant deadline);
  // What it has written so far, both streams; only with kCollected.
  std::string output() const;

 private:
  Child() = default;
  bool has_ended();

  pid_t pid_ = -1;
  int descriptor_ = -1;
  int output_ = -1;  // an unlinked file
  int status_ = -1;
};

}  // namespace check
