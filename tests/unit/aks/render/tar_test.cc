#include "aks/render/tar.h"

#include <gtest/gtest.h>

namespace aks::render {
namespace {

constexpr size_t kBlock = 512;

std::string field(const std::string& archive, size_t block, size_t offset, size_t size) {
  const std::string text = archive.substr(block * kBlock + offset, size);
  return text.substr(0, text.find('\0'));
}

TEST(Tar, HoldsDirectoriesOnceAndThenTheirFiles) {
  const auto archive = make_tar({{"etc/a", 0600, "one"}, {"etc/b", 0644, ""}});
  ASSERT_TRUE(archive);
  EXPECT_EQ(field(*archive, 0, 0, 100), "etc/");
  EXPECT_EQ(field(*archive, 0, 100, 8), "0000755");
  EXPECT_EQ(field(*archive, 0, 156, 1), "5");
  EXPECT_EQ(field(*archive, 1, 0, 100), "etc/a");
  EXPECT_EQ(field(*archive, 1, 100, 8), "0000600");
  EXPECT_EQ(field(*archive, 1, 124, 12), "00000000003");
  EXPECT_EQ(field(*archive, 1, 136, 12), "00000000000");
  EXPECT_EQ(field(*archive, 1, 257, 6), "ustar");
  EXPECT_EQ(archive->substr(2 * kBlock, 4), std::string("one\0", 4));
  EXPECT_EQ(field(*archive, 3, 0, 100), "etc/b");
  EXPECT_EQ(archive->size(), 20 * kBlock);
}

TEST(Tar, ChecksumIsTheSumOfTheHeaderWithBlanksInItsPlace) {
  const auto archive = make_tar({{"a", 0644, ""}});
  ASSERT_TRUE(archive);
  std::string header = archive->substr(0, kBlock);
  const auto written = std::stoul(field(*archive, 0, 148, 8), nullptr, 8);
  header.replace(148, 8, "        ");
  unsigned long sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  EXPECT_EQ(written, sum);
}

TEST(Tar, IsTheSameForTheSameEntries) {
  EXPECT_EQ(*make_tar({{"a", 0644, "x"}}), *make_tar({{"a", 0644, "x"}}));
}

TEST(Tar, PadsContentsOfEveryLengthToBlocks) {
  for (const size_t size : {1U, 511U, 512U, 513U, 20'000U}) {
    const std::string content(size, 'x');
    const auto archive = make_tar({{"a", 0644, content}, {"b", 0644, ""}});
    ASSERT_TRUE(archive);
    EXPECT_EQ(archive->size() % (20 * kBlock), 0U);
    EXPECT_EQ(field(*archive, 1 + (size + kBlock - 1) / kBlock, 0, 100), "b") << size;
  }
}

TEST(Tar, RefusesPathsThatWouldLeaveTheirDirectory) {
  for (const std::string& path :
       {std::string(), std::string("/etc/a"), std::string("../a"), std::string("a/../b"),
        std::string("a/.."), std::string("a//b"), std::string("a\0b", 3), std::string(101, 'a')}) {
    EXPECT_FALSE(make_tar({{path, 0644, ""}})) << path;
  }
  EXPECT_TRUE(make_tar({{"..a/b..", 0644, ""}}));
}

}  // namespace
}  // namespace aks::render
