#include "aks/render/tar.h"

#include <array>
#include <numeric>
#include <set>

namespace aks::render {
namespace {

constexpr size_t kBlock = 512;
constexpr size_t kMaxPath = 100;  // the field `name`; `prefix` is not needed for what we write

void put_text(std::string& block, size_t offset, std::string_view text) {
  block.replace(offset, text.size(), text);
}

// `width` - 1 octal digits and a NUL.
void put_octal(std::string& block, size_t offset, size_t width, size_t value) {
  for (size_t i = width - 1; i-- > 0; value /= 8) {
    block[offset + i] = static_cast<char>('0' + value % 8);
  }
}

std::string header(std::string_view path, unsigned mode, size_t size, char type) {
  std::string block(kBlock, '\0');
  put_text(block, 0, path);
  put_octal(block, 100, 8, mode);
  put_octal(block, 108, 8, 0);  // uid
  put_octal(block, 116, 8, 0);  // gid
  put_octal(block, 124, 12, size);
  put_octal(block, 136, 12, 0);  // mtime
  put_text(block, 148, "        ");
  block[156] = type;
  put_text(block, 257,
           std::string_view("ustar\0"
                            "00",
                            8));
  put_text(block, 265, "root");
  put_text(block, 297, "root");
  const size_t sum =
      std::accumulate(block.begin(), block.end(), size_t{0},
                      [](size_t total, char c) { return total + static_cast<unsigned char>(c); });
  put_octal(block, 148, 7, sum);  // six digits, NUL, and the space that is there
  return block;
}

bool is_safe(std::string_view path) {
  const std::string bounded = "/" + std::string(path) + "/";
  return !path.empty() && path.size() <= kMaxPath && bounded.find("/../") == std::string::npos &&
         bounded.find("//") == std::string::npos && path.find('\0') == std::string_view::npos;
}

}  // namespace

base::Result<std::string> make_tar(const std::vector<TarEntry>& entries) {
  std::string out;
  std::set<std::string> made;
  for (const TarEntry& entry : entries) {
    if (!is_safe(entry.path)) {
      return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient,
                        "the path " + entry.path +
                            " can't be in a tar archive; expected a relative "
                            "one of at most 100 octets without \"..\"");
    }
    for (size_t slash = entry.path.find('/'); slash != std::string::npos;
         slash = entry.path.find('/', slash + 1)) {
      const std::string directory = entry.path.substr(0, slash + 1);
      if (made.insert(directory).second) out += header(directory, 0755, 0, '5');
    }
    out += header(entry.path, entry.mode, entry.content.size(), '0');
    out += entry.content;
    out.append((kBlock - entry.content.size() % kBlock) % kBlock, '\0');
  }
  // Two blocks of zeros end it; tar pads to records of 20 blocks.
  out.append(2 * kBlock, '\0');
  constexpr size_t kRecord = 20 * kBlock;
  out.append((kRecord - out.size() % kRecord) % kRecord, '\0');
  return out;
}

}  // namespace aks::render
