// What the proxy saw, by its own access log: the proof that a destination was reached without it.
#pragma once

#include <set>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "check/probe_result.h"

namespace check {

class Witness {
 public:
  // Reads an access log in JSON format, from records of `since` on. A last line that is still being
  // written is left out. Fails (kIo) when the file can't be read, (kBadRequest) when
  // a line is no record.
  static base::Result<Witness> from_access_log(const std::string& path, base::WallTime since);

  // Whether a request for the probe's host went through the proxy.
  ProxySaw saw(const Probe& probe) const;

  // Writes what it knows into a direct probe's result; one that the proxy saw has failed.
  void testify(ProbeResult& result) const;

 private:
  std::set<std::string> hosts_;
};

}  // namespace check
