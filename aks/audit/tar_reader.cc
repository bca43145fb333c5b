#include "aks/audit/tar_reader.h"

#include <algorithm>
#include <optional>

#include "base/ascii.h"

namespace aks::audit {
namespace {

constexpr size_t kBlock = 512;
constexpr size_t kMaxLongName = 64 * 1024;

base::Failure refuse(const std::string& what) {
  return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient, what);
}

// A field of a header up to its NUL.
std::string_view text_at(std::string_view block, size_t offset, size_t width) {
  const std::string_view field = block.substr(offset, width);
  return field.substr(0, field.find('\0'));
}

// Octal digits between blanks; nullopt for anything else, GNU's numbers in base 256 among it, which
// only files beyond 8 GiB have.
std::optional<size_t> octal_at(std::string_view block, size_t offset, size_t width) {
  std::string_view digits = text_at(block, offset, width);
  while (digits.starts_with(' ')) digits.remove_prefix(1);
  while (digits.ends_with(' ')) digits.remove_suffix(1);
  size_t value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '7') return std::nullopt;
    value = value * 8 + static_cast<size_t>(c - '0');
  }
  return value;
}

// The sum of all octets, those of the checksum itself counted as blanks.
bool has_right_sum(std::string_view block) {
  constexpr size_t kAt = 148;
  constexpr size_t kWidth = 8;
  size_t sum = kWidth * ' ';
  for (size_t i = 0; i < kBlock; ++i) {
    if (i < kAt || i >= kAt + kWidth) sum += static_cast<unsigned char>(block[i]);
  }
  return octal_at(block, kAt, kWidth) == sum;
}

std::string path_of(std::string_view block) {
  const std::string_view name = text_at(block, 0, 100);
  const bool ustar = text_at(block, 257, 6).starts_with("ustar");
  const bool gnu = ustar && block[262] == ' ';  // its prefix field holds times
  const std::string_view prefix = ustar && !gnu ? text_at(block, 345, 155) : std::string_view();
  return prefix.empty() ? std::string(name) : std::string(prefix) + "/" + std::string(name);
}

// The value of "path" among pax's records "LENGTH KEY=VALUE\n"; "" when there is none.
std::string pax_path(std::string_view records) {
  std::string path;
  while (!records.empty()) {
    size_t length = 0;
    size_t digits = 0;
    for (; digits < records.size() && base::is_digit(records[digits]) && digits < 7; ++digits) {
      length = length * 10 + static_cast<size_t>(records[digits] - '0');
    }
    if (digits == 0 || length <= digits + 1 || length > records.size()) break;
    constexpr std::string_view kKey = "path=";
    std::string_view record = records.substr(digits + 1, length - digits - 1);
    if (record.ends_with('\n')) record.remove_suffix(1);
    if (record.starts_with(kKey)) path = record.substr(kKey.size());
    records.remove_prefix(length);
  }
  return path;
}

}  // namespace

base::Result<void> read_tar(std::string_view archive,
                            const std::function<void(const TarMember&)>& each) {
  std::string long_name;  // for the next member
  for (bool first = true;; first = false) {
    if (archive.size() < kBlock) {
      return refuse(first ? "it is no tar archive" : "the archive is cut");
    }
    const std::string_view block = archive.substr(0, kBlock);
    if (std::all_of(block.begin(), block.end(), [](char c) { return c == '\0'; })) {
      if (first) return refuse("the archive is empty");
      return {};
    }
    const auto size = octal_at(block, 124, 12);
    const auto mode = octal_at(block, 100, 8);
    if (!has_right_sum(block) || !size || !mode) {
      return refuse(first ? "it is no tar archive" : "a header of the archive is damaged");
    }
    archive.remove_prefix(kBlock);
    if (*size > archive.size()) return refuse("the archive is cut");
    const std::string_view content = archive.substr(0, *size);
    archive.remove_prefix(std::min(archive.size(), (*size + kBlock - 1) / kBlock * kBlock));
    const char type = block[156];
    if (type == 'L' || type == 'x') {
      if (*size > kMaxLongName) return refuse("a name in the archive is too long");
      long_name = type == 'x' ? pax_path(content) : std::string(text_at(content, 0, *size));
      continue;
    }
    if (type == '0' || type == '\0' || type == '7') {
      each({long_name.empty() ? path_of(block) : long_name, static_cast<unsigned>(*mode & 07777U),
            content});
    }
    if (type != 'g' && type != 'K') long_name.clear();
  }
}

}  // namespace aks::audit
