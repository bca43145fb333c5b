#include "base/file_stamp.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace base {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() : path_(fs::path(testing::TempDir()) / ("stamps_" + std::to_string(::getpid()))) {
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  fs::path write(const std::string& name, const std::string& text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name) << text;
    return path_ / name;
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

TEST(FileStamp, ChangesWithTheFileAndOnlyThen) {
  const Folder folder;
  const std::string file = folder.write("config", "one");
  const FileStamp first = stamp_of(file);
  EXPECT_EQ(stamp_of(file), first);
  fs::rename(folder.write("new", "two"), file);
  EXPECT_NE(stamp_of(file), first) << "replaced by a file of the same length";
  const FileStamp second = stamp_of(file);
  folder.write("config", "longer");
  EXPECT_NE(stamp_of(file), second) << "written in place";
}

TEST(FileStamp, FollowsTheSwapOfALinkedFolder) {
  const Folder folder;
  folder.write("..1/config", "same");
  folder.write("..2/config", "same");
  fs::create_symlink("..1", folder.path() / "..data");
  fs::create_symlink("..data/config", folder.path() / "config");
  const std::string file = folder.path() / "config";
  const FileStamp first = stamp_of(file);
  fs::create_symlink("..2", folder.path() / "..new");
  fs::rename(folder.path() / "..new", folder.path() / "..data");
  EXPECT_NE(stamp_of(file), first);
}

TEST(FileStamp, OfAMissingFileIsTheSameEveryTime) {
  EXPECT_EQ(stamp_of("/nowhere/at.all"), stamp_of("/nowhere/else"));
  EXPECT_EQ(stamp_of("/nowhere/at.all").size, -1);
}

}  // namespace
}  // namespace base
