#include "cli/noproxy_command.h"

#include <cstdlib>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <sstream>

#include "aks/no_proxy/explain.h"
#include "aks/no_proxy/lint.h"
#include "base/file.h"
#include "cli/aks_input.h"
#include "cli/exit_code.h"
#include "cli/noproxy_input.h"
#include "config/suggest.h"

namespace cli {
namespace {

using namespace aks::no_proxy;

constexpr size_t kWidth = 100;
constexpr size_t kMaxBatchBytes = 64 << 20;
constexpr char kSomeProxy[] = "http://proxy.invalid:3128";

constexpr const char* kExplainExamples = R"(Examples:
  sluice noproxy explain https://api.corp.example http://10.0.3.4 --no-proxy .corp.example,10.0.0.0/16
  sluice noproxy explain https://mcr.microsoft.com -f aks-proxy-config.json --facts cluster.json --client go
  sluice noproxy explain https://example.com           with the variables of this shell
  sluice noproxy explain --batch cases.jsonl           one case a line: {"client":"go","url":"…","no_proxy":"…"}

Exit codes: 0 answered, 2 wrong usage or a wrong case, 3 a file can't be read.)";

constexpr const char* kLintExamples = R"(Examples:
  sluice noproxy lint '*.corp.example, 10.0.0.0/16'
  sluice noproxy lint --fix "$NO_PROXY"
  sluice noproxy lint --java "$NO_PROXY"               as -Dhttp.nonProxyHosts

Exit codes: 0 the list means the same to all, 1 it does not (with --fix: not even rewritten),
2 wrong usage, 3 a file can't be read.)";

struct Flags {
  std::vector<std::string> urls;
  std::optional<std::string> list;
  ConfigFlags config;
  std::vector<std::string> clients;
  std::vector<std::string> resolved;  // "name=address"
  std::string batch;
  bool json = false;
  bool fix = false;
  bool java = false;
};

std::optional<std::string> variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

// A host alone is asked for by https, or by http on port 80.
std::string as_url(const std::string& text) {
  if (text.find("://") != std::string::npos) return text;
  const std::string authority = text.substr(0, text.find('/'));
  return (authority.ends_with(":80") ? "http://" : "https://") + text;
}

std::optional<Question> question_of(const std::string& text, const Flags& flags) {
  const std::string url = as_url(text);
  auto to = parse_destination(url);
  if (!to) {
    complain(to.error().detail, kWrongUsage);
    return std::nullopt;
  }
  if (to->scheme != "http" && to->scheme != "https") {
    complain(aks::cite(url) + " is no http or https URL", kWrongUsage);
    return std::nullopt;
  }
  Question question{url, std::move(*to), {}};
  for (const std::string& pair : flags.resolved) {
    const size_t equals = pair.find('=');
    const auto address = base::IpAddress::parse(pair.substr(equals + 1));
    if (equals == std::string::npos || !address) {
      complain("--resolved " + aks::cite(pair) + " is not NAME=ADDRESS", kWrongUsage);
      return std::nullopt;
    }
    if (pair.substr(0, equals) == question.to.host) question.resolved.push_back(*address);
  }
  return question;
}

std::vector<std::string> client_names() {
  std::vector<std::string> names;
  names.reserve(std::size(kAllClients));
  for (const Client client : kAllClients) names.emplace_back(token_of(client));
  return names;
}

std::optional<std::vector<Client>> clients_of(const Flags& flags) {
  if (flags.clients.empty()) return std::vector<Client>(kAllClients.begin(), kAllClients.end());
  std::vector<Client> clients;
  for (const std::string& name : flags.clients) {
    const auto client = parse_client(name);
    if (!client) {
      const std::string near = config::nearest(name, client_names());
      complain("--client " + aks::cite(name) + " is unknown" +
                   (near.empty() ? "; expected one of " +
                                       join_clients({kAllClients.begin(), kAllClients.end()})
                                 : ", did you mean " + near + "?"),
               kWrongUsage);
      return std::nullopt;
    }
    clients.push_back(*client);
  }
  return clients;
}

int run_batch(const std::string& path) {
  const auto text = base::read_file(path == "-" ? "/dev/stdin" : path, kMaxBatchBytes);
  if (!text) return complain(text.error());
  if (text->size() > kMaxBatchBytes) {
    return complain(path + " has more than 64 MiB; split it", kWrongUsage);
  }
  std::istringstream lines(*text);
  int exit_code = 0;
  for (std::string line; std::getline(lines, line);) {
    const BatchAnswer answer = answer_case(line);
    std::cout << answer.line << "\n";
    if (answer.kind == BatchAnswer::Case::kBad) exit_code = kWrongUsage;
  }
  std::cout << std::flush;
  return exit_code;
}

int run_explain(const Flags& flags) {
  if (!flags.batch.empty()) return run_batch(flags.batch);
  if (flags.urls.empty()) return complain("name a URL, or cases with --batch", kWrongUsage);
  if (flags.list && !flags.config.file.empty()) {
    return complain("--no-proxy and --http-proxy-config both give a list; name one", kWrongUsage);
  }
  if (const auto fine = check_config_flags(flags.config); !fine) return complain(fine.error());
  const auto clients = clients_of(flags);
  if (!clients) return kWrongUsage;
  std::vector<Question> questions;
  for (const std::string& url : flags.urls) {
    auto question = question_of(url, flags);
    if (!question) return kWrongUsage;
    questions.push_back(std::move(*question));
  }
  Environment environment;
  std::string list = flags.list.value_or("");
  std::string source = "the environment";
  if (flags.list) {
    environment = told_to_all(kSomeProxy, list);
    source = "--no-proxy";
  } else if (!flags.config.file.empty()) {
    auto told = read_told_by_aks(flags.config);
    if (!told) return complain(told.error());
    list = std::move(told->list);
    environment = std::move(told->environment);
    source = shown_name(flags.config.file);
  } else {
    environment = from_variables(variable);
  }
  Explanation explanation = explain(environment, *clients, questions);
  explanation.source = source;
  explanation.list = list;
  std::cout << (flags.json ? format_json(explanation) : format_text(explanation, kWidth));
  return 0;
}

int print_java(const std::string& list) {
  const JavaHosts hosts = to_java(list);
  std::cout << hosts.value << "\n";
  for (const std::string& entry : hosts.lost) {
    std::cerr << "sluice: Java can't say " << aks::cite(entry) << "; it is left out\n";
  }
  return hosts.lost.empty() ? 0 : kCheckFailed;
}

bool is_left(const ListFinding& finding) { return finding.remedy == ListFinding::Remedy::kNone; }

int print_fixed(const ListReport& report) {
  std::cout << report.portable << "\n";
  int exit_code = 0;
  for (const ListFinding& finding : report.findings) {
    if (!is_left(finding)) continue;
    std::cerr << aks::token_of(finding.severity) << ": " << aks::cite(finding.entry) << ": "
              << finding.message << " [" << finding.rule << "]\n";
    exit_code = kCheckFailed;
  }
  return exit_code;
}

int run_lint(const Flags& flags) {
  std::string list;
  if (flags.list && !flags.config.file.empty()) {
    return complain("LIST and --http-proxy-config both give a list; name one", kWrongUsage);
  }
  if (const auto fine = check_config_flags(flags.config); !fine) return complain(fine.error());
  if (flags.list) {
    list = *flags.list;
  } else if (!flags.config.file.empty()) {
    auto told = read_told_by_aks(flags.config);
    if (!told) return complain(told.error());
    list = std::move(told->list);
  } else {
    const auto set = variable("NO_PROXY");
    if (!set)
      return complain("name a LIST, an httpProxyConfig with -f, or set NO_PROXY", kWrongUsage);
    list = *set;
  }
  if (flags.java) return print_java(list);
  const ListReport report = lint_list(list);
  if (flags.fix) return print_fixed(report);
  std::cout << (flags.json ? format_json(report, list) : format_text(report, list, kWidth));
  for (const ListFinding& finding : report.findings) {
    if (finding.severity != aks::Severity::kNote) return kCheckFailed;
  }
  return 0;
}

void add_explain(Command noproxy, int& exit_code) {
  const Command explain =
      noproxy.add_subcommand("explain", "What each client does with a URL, and which rule decides");
  const auto flags = std::make_shared<Flags>();
  explain.add_option("URL", flags->urls, "http or https URLs; a host alone is asked for by https");
  explain.add_option("--no-proxy", flags->list, "the list, told to every client with a proxy")
      .value_name("LIST");
  add_config_flags(explain, flags->config);
  explain.add_option("--client", flags->clients, "this client alone; may be repeated")
      .value_name("CLIENT")
      .proposes(client_names());
  explain.add_option("--resolved", flags->resolved, "what a name resolves to, which Ruby looks at")
      .value_name("NAME=ADDRESS");
  explain.add_option("--batch", flags->batch, "answer cases, one a line, of FILE or - for stdin")
      .value_name("FILE");
  explain.add_flag("--json", flags->json, "answer as JSON");
  explain.footer(kExplainExamples);
  explain.callback([flags, &exit_code] { exit_code = run_explain(*flags); });
}

void add_lint(Command noproxy, int& exit_code) {
  const Command lint =
      noproxy.add_subcommand("lint", "What in a list does not mean the same to all");
  const auto flags = std::make_shared<Flags>();
  lint.add_option("LIST", flags->list, "the list; without it -f or NO_PROXY");
  add_config_flags(lint, flags->config);
  lint.add_flag("--fix", flags->fix, "print the list in portable spelling");
  lint.add_flag("--java", flags->java, "print the list as Java's http.nonProxyHosts");
  lint.add_flag("--json", flags->json, "answer as JSON");
  lint.footer(kLintExamples);
  lint.callback([flags, &exit_code] { exit_code = run_lint(*flags); });
}

}  // namespace

void add_noproxy_command(Command app, int& exit_code) {
  const Command noproxy = app.add_subcommand("noproxy", "How clients read NO_PROXY");
  noproxy.needs_subcommand();
  add_explain(noproxy, exit_code);
  add_lint(noproxy, exit_code);
}

}  // namespace cli
