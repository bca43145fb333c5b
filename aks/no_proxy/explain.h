// Clients against destinations: what each does, for people and for machines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aks/no_proxy/evaluate.h"

namespace aks::no_proxy {

struct Question {
  std::string url;  // as given
  Destination to;
  std::vector<base::IpAddress> resolved;  // what the host's name resolves to, where that is known
};

struct Answer {
  Question question;
  std::vector<Verdict> verdicts;  // in the order of Explanation::clients
};

struct Explanation {
  std::string source;  // where proxy and list come from, e.g. "--no-proxy"
  std::string list;    // "" when the environment holds the lists
  std::vector<Client> clients;
  std::vector<Answer> answers;
};

Explanation explain(const Environment& environment, const std::vector<Client>& clients,
                    const std::vector<Question>& questions);

// A matrix of clients and destinations, and below it what decided, clients of one mind together.
std::string format_text(const Explanation& explanation, size_t width);

// One object: "source", "no_proxy", "destinations" with "url" and "verdicts".
std::string format_json(const Explanation& explanation);

// A proxy's value for people and reports: credentials are left out.
std::string without_credentials(std::string_view proxy);

// "go, curl-7.88, wget".
std::string join_clients(const std::vector<Client>& clients);

// Answers one case given as a line of JSON: {"client", "url"} with either "no_proxy", which every
// client is told with a proxy, or "env", and where it matters "resolved". The answer is a line of
// JSON with "outcome", "rule", "entry", "proxy", "proxy_variable" and "list_variable"; or with
// "error", a sentence, when the case is none.
struct BatchAnswer {
  std::string line;  // without newline
  enum class Case { kGood, kBad } kind = Case::kGood;
};
BatchAnswer answer_case(std::string_view line);

}  // namespace aks::no_proxy
