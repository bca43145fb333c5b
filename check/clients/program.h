// The programs that can be run as clients, and whose rules their versions follow.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aks/no_proxy/client.h"

namespace check {

// Numbers of the first version in a program's output: {7, 88, 1} of "curl 7.88.1 (x86_64…". Empty
// when there is none.
using Version = std::vector<int>;
Version parse_version(std::string_view output);
std::string to_string(const Version& version);

// The rules of a version, or why there are none that are known.
struct Rules {
  std::optional<aks::no_proxy::Client> client;
  std::string unknown;
};

struct ClientProgram {
  enum class Urls { kAtOnce, kOneByOne };

  std::string name;                          // "Python requests"
  std::vector<std::string> version_command;  // fails when the client is not installed
  std::function<Rules(std::string_view output)> rules;
  std::vector<std::string> command;  // URLs are appended; "{dir}" stands for a scratch directory
  Urls urls = Urls::kAtOnce;
  std::string file;                // written to {dir} before the first run; "" for none
  std::string content;             // of the file
  std::vector<std::string> build;  // run once when the file is there; empty for none
};

// All that are known, in the order of reports.
std::vector<ClientProgram> client_programs();

}  // namespace check
