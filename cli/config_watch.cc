#include "cli/config_watch.h"

#include <utility>

namespace cli {

ConfigWatch::ConfigWatch(std::string path)
    : path_(std::move(path)), read_(base::stamp_of(path_)), seen_(read_) {}

bool ConfigWatch::has_changed() {
  if (path_.empty()) return false;
  const base::FileStamp now = base::stamp_of(path_);
  if (now.size < 0) return false;
  const bool at_rest = std::exchange(seen_, now) == now;
  if (!at_rest || now == read_) return false;
  read_ = now;
  return true;
}

}  // namespace cli
