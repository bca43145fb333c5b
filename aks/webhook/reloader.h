// Reads the webhook's files again when they change.
#pragma once

#include <array>

#include "aks/webhook/metrics.h"
#include "aks/webhook/settings.h"
#include "base/file_stamp.h"

namespace aks::webhook {

// Not thread-safe; what it replaces is.
class Reloader {
 public:
  // Changes count from now on: construct it before the files are read for the first time.
  // `settings` and `metrics` outlive it.
  explicit Reloader(Sources sources);

  // Reads what has changed since the last call. A file that is wrong leaves what is in use as it
  // is; that, and each replacement, is logged once.
  void poll(LiveSettings& settings, Metrics& metrics);

 private:
  Sources sources_;
  base::FileStamp config_;
  std::array<base::FileStamp, 2> identity_;
};

}  // namespace aks::webhook
