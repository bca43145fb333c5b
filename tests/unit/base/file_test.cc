#include "base/file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>

namespace base {
namespace {

TEST(ReadFile, ReadsOneOctetMoreThanAllowedAtMost) {
  const std::string path = testing::TempDir() + "read_file_" + std::to_string(::getpid());
  std::ofstream(path, std::ios::binary) << std::string(100'000, 'x');
  EXPECT_EQ(read_file(path, 200'000)->size(), 100'000U);
  EXPECT_EQ(read_file(path, 99'999)->size(), 100'000U);
  EXPECT_EQ(read_file(path, 20'000)->size(), 20'001U);
  ::unlink(path.c_str());
}

TEST(ReadFile, NamesThePathAndTheCause) {
  const auto missing = read_file("/nowhere/at.all", 10);
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().cause, ENOENT);
  EXPECT_NE(missing.error().detail.find("/nowhere/at.all can't be read (ENOENT"),
            std::string::npos);
  EXPECT_FALSE(read_file(testing::TempDir(), 10).has_value());
}

}  // namespace
}  // namespace base
