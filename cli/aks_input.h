// What the commands of `sluice aks` are given: documents and a cluster's facts.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include "aks/no_proxy_list.h"

namespace cli {

// All of a file, or of standard input for "-". nullopt, with a sentence on `err`, when it can't be
// read.
std::optional<std::string> read_document(const std::string& path, std::ostream& err);

// The facts in the file of --facts, none for "". nullopt, with findings or a sentence on `err`,
// when they can't be used.
std::optional<aks::Facts> read_facts(const std::string& path, std::ostream& err);

// The document's name in reports.
std::string shown_name(const std::string& path);

}  // namespace cli
