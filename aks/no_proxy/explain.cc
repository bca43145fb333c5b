#include "aks/no_proxy/explain.h"

#include <algorithm>

#include "aks/finding.h"
#include "base/escape.h"
#include "base/layout.h"

namespace aks::no_proxy {
namespace {

constexpr size_t kClientWidth = 22, kCellWidth = 8, kIndent = 3;

// Clients that agree on something, in the words that they agree on.
struct Group {
  std::string words;
  std::vector<Client> clients;
};

void add_to_group(std::vector<Group>& groups, const std::string& words, Client client) {
  const auto found = std::find_if(groups.begin(), groups.end(),
                                  [&words](const Group& group) { return group.words == words; });
  if (found != groups.end()) {
    found->clients.push_back(client);
  } else {
    groups.push_back({words, {client}});
  }
}

std::string words_of(const Verdict& verdict) {
  std::string words = base::padded(std::string(token_of(verdict.outcome)), kCellWidth);
  if (!verdict.entry.empty()) words += cite(verdict.entry) + ": ";
  words += describe(verdict.rule);
  return words + " [" + std::string(token_of(verdict.rule)) + "]";
}

std::string variable_words(const Chosen& chosen, const char* absent) {
  if (chosen.name.empty()) return absent;
  return chosen.name + "=" + base::printable(without_credentials(chosen.value));
}

class Text {
 public:
  Text(const Explanation& explanation, size_t width) : explanation_(explanation), width_(width) {}

  std::string print() && {
    if (!explanation_.list.empty() || explanation_.source == "--no-proxy") {
      out_ += "noProxy   ";
      base::hang(out_, base::wrap(base::printable(explanation_.list), width_ - 10), 10);
      out_ += "\n";
    }
    destinations();
    matrix();
    for (size_t i = 0; i < explanation_.answers.size(); ++i) reasons(i);
    if (explanation_.source != "--no-proxy") variables();
    return std::move(out_);
  }

 private:
  void destinations() {
    for (size_t i = 0; i < explanation_.answers.size(); ++i) {
      out_ += base::padded(std::to_string(i + 1), kIndent) +
              base::printable(explanation_.answers[i].question.url) + "\n";
    }
    out_ += "\n";
  }

  // As many destinations side by side as the width has room for, then the others below.
  void matrix() {
    const size_t columns = std::max<size_t>(1, (width_ - kClientWidth) / kCellWidth);
    for (size_t first = 0; first < explanation_.answers.size(); first += columns) {
      const size_t end = std::min(first + columns, explanation_.answers.size());
      std::string line = base::padded("client", kClientWidth);
      for (size_t i = first; i < end; ++i) line += base::padded(std::to_string(i + 1), kCellWidth);
      finish(line);
      for (size_t row = 0; row < explanation_.clients.size(); ++row) {
        line = base::padded(std::string(token_of(explanation_.clients[row])), kClientWidth);
        for (size_t i = first; i < end; ++i) {
          const Verdict& verdict = explanation_.answers[i].verdicts[row];
          line += base::padded(std::string(token_of(verdict.outcome)), kCellWidth);
        }
        finish(line);
      }
      out_ += "\n";
    }
  }

  void reasons(size_t index) {
    const Answer& answer = explanation_.answers[index];
    out_ += base::padded(std::to_string(index + 1), kIndent) +
            base::printable(answer.question.url) + "\n";
    std::vector<Group> groups;
    for (size_t i = 0; i < answer.verdicts.size(); ++i) {
      add_to_group(groups, words_of(answer.verdicts[i]), explanation_.clients[i]);
    }
    print_groups(groups);
  }

  void variables() {
    std::vector<Group> proxies;
    std::vector<Group> lists;
    for (const Answer& answer : explanation_.answers) {
      for (size_t i = 0; i < answer.verdicts.size(); ++i) {
        const Verdict& verdict = answer.verdicts[i];
        const std::string scheme = base::padded(answer.question.to.scheme, kCellWidth);
        add_once(proxies, scheme + variable_words(verdict.proxy, "no proxy"), i);
        // A list that stands above already is not repeated.
        const bool shown = !explanation_.list.empty() && !verdict.list.name.empty();
        const std::string list =
            shown ? verdict.list.name : variable_words(verdict.list, "no list");
        add_once(lists, base::padded("list", kCellWidth) + list, i);
      }
    }
    out_ += "Variables that count\n";
    print_groups(proxies);
    out_.pop_back();
    print_groups(lists);
  }

  void add_once(std::vector<Group>& groups, const std::string& words, size_t index) const {
    const Client client = explanation_.clients[index];
    for (const Group& group : groups) {
      const auto& members = group.clients;
      const bool member = std::find(members.begin(), members.end(), client) != members.end();
      if (group.words == words && member) return;
    }
    add_to_group(groups, words, client);
  }

  void print_groups(const std::vector<Group>& groups) {
    const size_t column = kIndent + kCellWidth;
    for (const Group& group : groups) {
      // What stands in the first column is no part of the sentence, and a list has no blanks.
      out_ += std::string(kIndent, ' ') + group.words.substr(0, kCellWidth);
      base::hang(out_, base::wrap(group.words.substr(kCellWidth), width_ - column), column);
      out_ += std::string(column, ' ');
      base::hang(out_, base::wrap(join_clients(group.clients), width_ - column), column);
    }
    out_ += "\n";
  }

  void finish(std::string& line) {
    line.erase(line.find_last_not_of(' ') + 1);
    out_ += line + "\n";
  }

  const Explanation& explanation_;
  size_t width_;
  std::string out_;
};

}  // namespace

Explanation explain(const Environment& environment, const std::vector<Client>& clients,
                    const std::vector<Question>& questions) {
  Explanation out;
  out.clients = clients;
  for (const Question& question : questions) {
    Answer answer{question, {}};
    for (const Client client : clients) {
      answer.verdicts.push_back(evaluate(client, environment, question.to, question.resolved));
    }
    out.answers.push_back(std::move(answer));
  }
  return out;
}

std::string format_text(const Explanation& explanation, size_t width) {
  std::string text = Text(explanation, std::max<size_t>(width, 60)).print();
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

std::string without_credentials(std::string_view proxy) {
  const size_t mark = proxy.find("://");
  const size_t start = mark == std::string_view::npos ? 0 : mark + 3;
  const size_t at = proxy.substr(start, proxy.find('/', start) - start).rfind('@');
  if (at == std::string_view::npos) return std::string(proxy);
  return std::string(proxy.substr(0, start)) + std::string(proxy.substr(start + at + 1));
}

std::string join_clients(const std::vector<Client>& clients) {
  std::string text;
  for (const Client client : clients) {
    text += (text.empty() ? "" : ", ") + std::string(token_of(client));
  }
  return text;
}

}  // namespace aks::no_proxy
