#include "check/clients/program.h"

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

bool reads_variables(const Version& node) {
  return node >= Version{24, 21} || (node >= Version{22, 21} && node < Version{23});
}

Rules node_rules(std::string_view output) {
  if (reads_variables(parse_version(output))) return {Client::kNodeCore, ""};
  return {{}, "this version does not read the variables, or by rules that are not known here"};
}

// "24.21.0 7.30.2": of Node and of its undici.
Rules fetch_rules(std::string_view output) {
  if (!reads_variables(parse_version(output))) return node_rules(output);
  const Version undici = parse_version(output.substr(output.find(' ')));
  if (undici < Version{7}) return {{}, "its undici's rules are not known here"};
  if (undici < Version{8}) return {Client::kUndici7, ""};
  return {undici < Version{8, 12} ? Client::kUndici810 : Client::kUndici812, ""};
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
