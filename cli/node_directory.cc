#include "cli/node_directory.h"

#include <filesystem>

#include "base/file.h"

namespace cli {
namespace {

namespace fs = std::filesystem;
using aks::audit::NodeSnapshot;

constexpr int kMaxLinks = 40;  // as Linux has it

// Where `path` (on the node, absolute) lies below `root`, links resolved on the way. "" when a link
// goes in circles.
fs::path resolve(const fs::path& root, const fs::path& path) {
  int links = 0;
  fs::path done;  // on the node, without links
  fs::path rest = path.relative_path();
  std::error_code error;
  while (!rest.empty()) {
    const fs::path part = *rest.begin();
    rest = rest.lexically_relative(part);
    if (rest == ".") rest.clear();
    if (part == "..") {
      done = done.parent_path();
      continue;
    }
    const fs::path target = fs::read_symlink(root / done / part, error);
    if (error) {
      done /= part;
      continue;
    }
    if (++links > kMaxLinks) return {};
    if (target.is_absolute()) done.clear();
    rest = rest.empty() ? target.relative_path() : target.relative_path() / rest;
  }
  return root / done;
}

class Collector {
 public:
  explicit Collector(const std::string& root) : root_(root) {}

  void add_file(const std::string& path) {
    std::error_code error;
    const fs::path real = resolve(root_, path);
    const auto status = fs::status(real, error);
    if (error || !fs::is_regular_file(status) || files_.size() >= aks::audit::kMaxNodeFiles) return;
    auto content = base::read_file(real.string(), aks::audit::kMaxNodeFile);
    if (!content || content->size() > aks::audit::kMaxNodeFile) return;
    files_[path] = {std::move(*content), static_cast<unsigned>(status.permissions())};
  }

  void add_folder(const std::string& path) {
    std::error_code error;
    for (fs::directory_iterator entry(resolve(root_, path), error), end; !error && entry != end;
         entry.increment(error)) {
      add_file(path + "/" + entry->path().filename().string());
    }
  }

  NodeSnapshot take() { return std::move(files_); }

 private:
  fs::path root_;
  NodeSnapshot files_;
};

}  // namespace

base::Result<NodeSnapshot> read_node_directory(const std::string& root) {
  std::error_code error;
  if (!fs::is_directory(root, error)) {
    return base::fail(base::ErrorCode::kIo, base::Party::kProxy, root + " is no directory");
  }
  Collector collector(root);
  for (const std::string& path : aks::audit::snapshot_files()) collector.add_file(path);
  for (const std::string& path : aks::audit::snapshot_folders()) collector.add_folder(path);
  NodeSnapshot snapshot = collector.take();
  if (!snapshot.empty()) return snapshot;
  return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient,
                    root + " has none of a node's files; name the directory in which etc is");
}

}  // namespace cli
