#include "cli/pid_file.h"

#include <unistd.h>

#include <charconv>

#include "base/clock.h"
#include "base/file.h"

namespace cli {
namespace {

constexpr std::size_t kMaxOctets = 8192;
constexpr const char* kUpgrade = ".upgrade";

std::string text_of(const std::string& path) {
  auto text = base::read_file(path, kMaxOctets);
  return text ? std::move(*text) : "";
}

}  // namespace

PidFile::~PidFile() {
  if (!path_.empty() && read(path_) == ::getpid()) ::unlink(path_.c_str());
}

base::Result<void> PidFile::write(pid_t process) const {
  if (path_.empty()) return {};
  return base::replace_file(path_, std::to_string(process) + "\n", base::FileAccess::kAll);
}

base::Result<void> PidFile::note_upgrade(std::string_view outcome) const {
  if (path_.empty()) return {};
  const auto attempt = base::steady_now().time_since_epoch().count();
  return base::replace_file(path_ + kUpgrade,
                            std::to_string(attempt) + " " + std::string(outcome) + "\n",
                            base::FileAccess::kAll);
}

pid_t PidFile::read(const std::string& path) {
  const std::string text = text_of(path);
  pid_t process = 0;
  std::from_chars(text.data(), text.data() + text.size(), process);
  return process > 0 ? process : 0;
}

std::string PidFile::read_upgrade(const std::string& path) { return text_of(path + kUpgrade); }

std::string_view PidFile::outcome_of(std::string_view text) {
  text = text.substr(0, text.find('\n'));
  const std::size_t blank = text.find(' ');
  return blank == std::string_view::npos ? std::string_view() : text.substr(blank + 1);
}

}  // namespace cli
