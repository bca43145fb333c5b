#include "aks/audit/tar_reader.h"

#include <gtest/gtest.h>

#include "aks/render/tar.h"

namespace aks::audit {
namespace {

std::string archive() {
  auto made = render::make_tar({{"etc/environment", 0600, "A=b\n"}, {"x", 0644, ""}});
  EXPECT_TRUE(made.has_value());
  return made ? *made : std::string();
}

std::string read(std::string_view octets) {
  std::string out;
  const auto done = read_tar(octets, [&out](const TarMember& member) {
    out += member.path + " " + std::to_string(member.mode) + " " + std::string(member.content);
  });
  return done ? out : "refused: " + done.error().detail;
}

TEST(TarReader, ReadsWhatIsWritten) {
  EXPECT_EQ(read(archive()), "etc/environment 384 A=b\nx 420 ");
}

TEST(TarReader, EveryCutBeforeTheEndIsRefused) {
  const std::string octets = archive();
  const size_t end = 4 * 512;  // a directory, a file with a block, an empty file
  for (size_t size = 0; size <= end; ++size) {
    EXPECT_TRUE(read(octets.substr(0, size)).starts_with("refused")) << size;
  }
  EXPECT_FALSE(read(octets.substr(0, end + 512)).starts_with("refused"));
}

TEST(TarReader, EveryChangedOctetOfAHeaderIsRefused) {
  for (size_t at = 0; at < 500; ++at) {
    std::string octets = archive();
    octets[at] = static_cast<char>(octets[at] + 1);
    EXPECT_TRUE(read(octets).starts_with("refused")) << at;
  }
}

TEST(TarReader, TextIsNoArchive) {
  EXPECT_EQ(read("hello"), "refused: it is no tar archive");
  EXPECT_EQ(read(std::string(2000, 'x')), "refused: it is no tar archive");
  EXPECT_EQ(read(std::string(1024, '\0')), "refused: the archive is empty");
}

}  // namespace
}  // namespace aks::audit
