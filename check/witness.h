// What the proxy saw, by its own access log: the proof that a destination was reached without it.
#pragma once

#include <map>
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

  // Writes what it knows into a result. A direct probe that the proxy saw has failed. One through
  // the proxy is told why its tunnel was not inspected, or whose client rejected the proxy's
  // certificate.
  void testify(ProbeResult& result) const;

 private:
  // What the newest record of a host's tunnel says of inspection.
  struct Tunnel {
    std::string inspection;  // "inspected", or why not
    std::string rejected;    // how its client failed in the proxy's handshake; "" if it did not
  };
  void testify_inspection(ProbeResult& result) const;

  std::set<std::string> hosts_;
  std::map<std::string, Tunnel> tunnels_;
};

}  // namespace check
