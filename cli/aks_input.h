// What the commands of `sluice aks` are given: documents and a cluster's facts.
#pragma once

#include <iosfwd>
#include <string>

#include "aks/config_site.h"
#include "aks/no_proxy_list.h"
#include "base/result.h"

namespace cli {

// All of a file, or of standard input for "-". Fails with kIo when it can't be read.
base::Result<std::string> read_document(const std::string& path);

// The facts in the file of --facts, none for "". Fails like read_document, and with kBadRequest
// when the file has errors; these are on `err` then, as warnings always are.
base::Result<aks::Facts> read_facts(const std::string& path, std::ostream& err);

// The values for a template's parameters in a file. Fails like read_facts.
base::Result<aks::GivenParameters> read_parameters(const std::string& path, std::ostream& err);

// The document's name in reports.
std::string shown_name(const std::string& path);

}  // namespace cli
