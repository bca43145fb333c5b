// Whole files: read up to a bound, written all or nothing.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace base {

// What the file holds; of more than `max_octets` one octet more, for whoever refuses what is too
// long. Fails (proxy) with kIo, naming the path.
Result<std::string> read_file(const std::string& path, std::size_t max_octets);

// Who may read a new file.
enum class FileAccess { kOwner, kAll };

// Puts `text` in place of the file: written beside it, flushed to the disk and renamed, so that a
// reader, or a crash, finds the old content or the new one and never a part. Fails (proxy) with
// kIo; the old file is untouched then.
Result<void> replace_file(const std::string& path, std::string_view text, FileAccess access);

// Writes `text` to a new file, flushed to the disk. Fails (proxy) with kIo when anything exists at
// `path`, a dangling link included (cause EEXIST). No part of a file stays behind after a failure.
Result<void> create_file(const std::string& path, std::string_view text, FileAccess access);

}  // namespace base
