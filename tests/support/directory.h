// Where the tests' own files are: corpora, golden files, documents beside them.
#pragma once

#include <string>

namespace tests {

// The absolute path of the folder tests/ that this program was built from. It stands in one
// generated source and in no command line, so that a compiler cache answers for every checkout
// alike.
std::string directory();

}  // namespace tests
