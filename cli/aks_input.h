// What the commands of `sluice aks` are given: documents and a cluster's facts.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include "aks/no_proxy_list.h"
#include "base/result.h"

namespace cli {

// A document or facts: what a file holds, or standard input for "-", up to what parsers refuse as
// too long. Fails (proxy) with kIo.
base::Result<std::string> read_input(const std::string& path);

// The same. nullopt, with a sentence on `err`, when it can't be
// read.
std::optional<std::string> read_document(const std::string& path, std::ostream& err);

// The facts in the file of --facts, none for "". nullopt, with findings or a sentence on `err`,
// when they can't be used.
std::optional<aks::Facts> read_facts(const std::string& path, std::ostream& err);

// The document's name in reports.
std::string shown_name(const std::string& path);

}  // namespace cli
