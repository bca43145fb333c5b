#include "check/clients/program.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/ascii.h"
#include "check/clients/scripts.h"

namespace check {
namespace {

using aks::no_proxy::Client;

Rules curl_rules(std::string_view output) {
  const Version version = parse_version(output);
  if (version < Version{7, 87}) return {{}, "its list rules before 7.87 are not known here"};
  if (version < Version{8, 9}) return {Client::kCurl788, ""};
  if (version < Version{8, 18}) return {Client::kCurl89, ""};
  return {Client::kCurl818, ""};
}

Rules wget_rules(std::string_view output) {
  if (output.find("Wget2") == std::string_view::npos) return {Client::kWget, ""};
  return {{}, "wget2's rules are not known here"};
}

Rules requests_rules(std::string_view output) {
  const bool old = parse_version(output) < Version{2, 34};
  return {old ? Client::kRequests228 : Client::kRequests, ""};
}

Rules httpx_rules(std::string_view output) {
  if (parse_version(output) < Version{0, 28})
    return {{}, "its rules before 0.28 are not known here"};
  return {Client::kHttpx, ""};
}

// A zone was taken for a name until CVE-2025-22870 was fixed.
Rules go_rules(std::string_view output) {
  const Version version = parse_version(output);
  const bool fixed =
      version >= Version{1, 24, 1} || (version >= Version{1, 23, 7} && version < Version{1, 24});
  return {fixed ? Client::kGo : Client::kGo119, ""};
}

// Node 22.21 and 24.5 were the first to read them.
bool reads_variables(const Version& node) {
  return node >= Version{24, 5} || (node >= Version{22, 21} && node < Version{23});
}

// Seen with 22.23.3, 24.11.1, 24.13.1 and 24.21.0. When 24 changed in between is not known here.
Rules node_rules(std::string_view output) {
  const Version node = parse_version(output);
  if (node >= Version{24, 21} && node < Version{25}) return {Client::kNodeCore, ""};
  const bool old = node < Version{24, 14} && reads_variables(node);
  if (old && node >= (node < Version{23} ? Version{22, 21} : Version{24, 11})) {
    return {Client::kNodeCore2413, ""};
  }
  return {{}, "this version does not read the variables, or by rules that are not known here"};
}

// The first version of each set of rules, and the first beyond them all.
Rules undici_rules(const Version& undici) {
  struct Row {
    Version from;
    std::optional<Client> client;
  };
  const std::array<Row, 6> rows = {{{{6, 22}, Client::kUndici720},
                                    {{7, 21}, Client::kUndici7},
                                    {{8, 10}, Client::kUndici810},
                                    {{8, 10, 1}, Client::kUndici8101},
                                    {{8, 11}, Client::kUndici812},
                                    {{8, 14}, {}}}};
  const auto above =
      std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return undici < row.from; });
  if (above != rows.begin() && (above - 1)->client) return {(above - 1)->client, ""};
  return {{}, "the rules of undici " + to_string(undici) + " are not known here"};
}

// "24.21.0 7.30.2": of Node and of its undici.
Rules fetch_rules(std::string_view output) {
  if (!reads_variables(parse_version(output))) {
    return {{}, "this version does not read the variables"};
  }
  return undici_rules(parse_version(output.substr(output.find(' '))));
}

std::function<Rules(std::string_view)> always(Client client) {
  return [client](std::string_view) { return Rules{client, ""}; };
}

ClientProgram python(const char* name, const char* version,
                     std::function<Rules(std::string_view)> rules, const char* script) {
  return {name,
          {"python3", "-c", version},
          std::move(rules),
          {"python3", "-c", script},
          ClientProgram::Urls::kAtOnce,
          "",
          "",
          {}};
}

}  // namespace

Version parse_version(std::string_view output) {
  Version version;
  size_t at = 0;
  while (at < output.size() && !base::is_digit(output[at])) ++at;
  while (at < output.size() && base::is_digit(output[at])) {
    int number = 0;
    const auto [stop, error] =
        std::from_chars(output.data() + at, output.data() + output.size(), number);
    if (error != std::errc()) break;
    version.push_back(number);
    at = static_cast<size_t>(stop - output.data());
    if (at + 1 >= output.size() || output[at] != '.') break;
    ++at;
  }
  return version;
}

std::string to_string(const Version& version) {
  std::string text;
  for (const int number : version) text += (text.empty() ? "" : ".") + std::to_string(number);
  return text;
}

std::vector<ClientProgram> client_programs() {
  using Urls = ClientProgram::Urls;
  return {
      {"Go net/http",
       {"go", "version"},
       go_rules,
       {"{dir}/fetch"},
       Urls::kAtOnce,
       "fetch.go",
       kGoScript,
       {"go", "build", "-o", "{dir}/fetch", "{dir}/fetch.go"}},
      {"curl",
       {"curl", "--version"},
       curl_rules,
       {"curl", "-q", "-s", "-k", "--connect-timeout", "5", "--max-time", "10"},
       Urls::kAtOnce,
       "",
       "",
       {}},
      {"git",
       {"git", "--version"},
       always(Client::kGit),
       {"git", "ls-remote"},
       Urls::kOneByOne,
       "",
       "",
       {}},
      {"wget",
       {"wget", "--version"},
       wget_rules,
       {"wget", "-q", "--no-config", "--no-check-certificate", "--tries=1", "--timeout=5", "-O",
        "/dev/null"},
       Urls::kAtOnce,
       "",
       "",
       {}},
      python("Python urllib", "import platform; print(platform.python_version())",
             always(Client::kUrllib), kUrllibScript),
      python("Python requests", "import requests; print(requests.__version__)", requests_rules,
             kRequestsScript),
      python("Python httpx", "import httpx; print(httpx.__version__)", httpx_rules, kHttpxScript),
      {"Ruby Net::HTTP",
       {"ruby", "-e", "puts RUBY_VERSION"},
       always(Client::kRuby),
       {"ruby", "-e", kRubyScript},
       Urls::kAtOnce,
       "",
       "",
       {}},
      {"Node http",
       {"node", "--version"},
       node_rules,
       {"node", "-e", kNodeScript, "--"},
       Urls::kAtOnce,
       "",
       "",
       {}},
      {"Node fetch",
       {"node", "-p", "process.versions.node + ' ' + process.versions.undici"},
       fetch_rules,
       {"node", "-e", kFetchScript, "--"},
       Urls::kAtOnce,
       "",
       "",
       {}},
      {"Java",
       {"java", "-version"},
       always(Client::kJava),
       {"java", "{dir}/Fetch.java"},
       Urls::kAtOnce,
       "Fetch.java",
       kJavaScript,
       {}},
  };
}

}  // namespace check
