#include "aks/learn_text.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/rfc3339.h"
#include "http/target.h"

namespace aks {
namespace {

using nlohmann::ordered_json;

std::string counted(std::uint64_t number, const std::string& noun) {
  return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

std::string destination(const LearnRow& row) {
  const http::Authority authority{row.host, base::IpAddress::parse(row.host), row.port};
  return authority.to_string();
}

std::string clients(const LearnedFacts& facts) {
  const auto known = static_cast<std::uint64_t>(facts.clients.size());
  return facts.has_more_clients ? "over " + std::to_string(known) + " clients"
                                : counted(known, "client");
}

// "allow 3, deny 1"
std::string verdicts(const LearnedFacts& facts) {
  std::string out;
  const auto add = [&out](const char* word, std::uint64_t count) {
    if (count == 0) return;
    out += (out.empty() ? "" : ", ") + std::string(word) + " " + std::to_string(count);
  };
  add("allow", facts.allowed);
  add("would-deny", facts.would_be_denied);
  add("deny", facts.denied);
  return out.empty() ? "-" : out;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

std::string heading(const LearnRow& row) {
  std::string text(token_of(row.kind));
  if (!row.addons.empty()) text += " " + joined(row.addons);
  return text;
}

std::string time_text(base::WallTime time) {
  std::string out;
  base::append_rfc3339(out, time);
  return out;
}

std::string pad(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

bool is_wildcard(const LearnRow& row) {
  return row.listing == Listing::kAllow && row.rule_host != row.host;
}

// The rule that a row belongs to, as `config check` accepts names.
std::string rule_name(const LearnRow& row) {
  const std::string what =
      row.kind == LearnClass::kAddon ? row.addons.front() : std::string(token_of(row.kind));
  return "learned-" + what + "-" + std::to_string(row.port);
}

using Rules = std::map<std::string, std::vector<const LearnRow*>>;

void append_rules(std::string& out, const Rules& rules, const std::string& indent) {
  for (const auto& [name, rows] : rules) {
    out += indent + "- name: " + name + "\n" + indent + "  action: allow\n" + indent +
           "  ports: [" + std::to_string(rows.front()->port) + "]\n" + indent + "  hosts:\n";
    std::map<std::string, std::uint64_t> hosts;
    for (const LearnRow* row : rows) hosts[row->rule_host] += row->facts.count();
    for (const auto& [host, count] : hosts) {
      out += indent + "    - \"" + host + "\"  # " + counted(count, "request") + "\n";
    }
  }
}

}  // namespace

std::string format_learn_table(const LearnReport& report) {
  std::string out;
  std::string last;
  std::size_t width = 0;
  for (const LearnRow& row : report.rows) width = std::max(width, destination(row).size());
  bool wildcards = false;
  for (const LearnRow& row : report.rows) {
    const std::string group = heading(row);
    if (group != last) out += (out.empty() ? "" : "\n") + group + "\n";
    last = group;
    out += "  " + pad(destination(row), width) + "  " + pad(verdicts(row.facts), 12) + "  " +
           clients(row.facts);
    if (is_wildcard(row)) out += "  as " + row.rule_host;
    if (!row.note.empty()) out += "  (" + row.note + ")";
    out += "\n";
    wildcards |= is_wildcard(row);
  }
  if (report.rows.empty()) out += "Nothing was recorded.\n";
  if (wildcards) {
    out += "\nWildcards are the catalogue's; a name that it does not know is suggested as it is.\n";
  }
  if (report.dropped != 0) {
    out += "\n" + counted(report.dropped, "request") +
           " found no room (learn.destinations): the list is not complete.\n";
  }
  if (!report.rows.empty()) {
    out += "\nAs a policy: the same command with --as sluice";
    if (!report.profile.empty()) {
      out += "; what is required or an add-on's is also the profile " + report.profile;
    }
    out += ".\n";
  }
  return out;
}

std::string format_learn_json(const LearnReport& report) {
  static constexpr const char* kListings[] = {"allow", "review", "never"};
  ordered_json list = ordered_json::array();
  for (const LearnRow& row : report.rows) {
    ordered_json addresses = ordered_json::array();
    for (const base::IpAddress& client : row.facts.clients) addresses.push_back(client.to_string());
    list.push_back({{"host", row.host},
                    {"port", row.port},
                    {"class", token_of(row.kind)},
                    {"addons", row.addons},
                    {"listing", kListings[static_cast<std::size_t>(row.listing)]},
                    {"catalogue_host", row.pattern},
                    {"rule_host", row.rule_host},
                    {"allow", row.facts.allowed},
                    {"would_deny", row.facts.would_be_denied},
                    {"deny", row.facts.denied},
                    {"first", time_text(row.facts.first)},
                    {"last", time_text(row.facts.last)},
                    {"clients", addresses},
                    {"more_clients", row.facts.has_more_clients},
                    {"note", row.note}});
  }
  const ordered_json document = {
      {"profile", report.profile}, {"dropped", report.dropped}, {"destinations", std::move(list)}};
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string format_learn_policy(const LearnReport& report, Unknown unknown) {
  Rules allowed;
  Rules review;
  std::string never;
  for (const LearnRow& row : report.rows) {
    const bool allow = row.listing == Listing::kAllow ||
                       (row.listing == Listing::kReview && unknown == Unknown::kAllow);
    if (row.listing == Listing::kNever) {
      never += "# " + destination(row) + ": " + row.note + ".\n";
    } else {
      (allow ? allowed : review)[rule_name(row)].push_back(&row);
    }
  }
  std::string out =
      "# Made by `sluice aks learn`. Wildcards are the catalogue's; other hosts are as they were "
      "seen.\npolicy:\n  default_action: deny\n  rules:";
  out += allowed.empty() ? " []\n" : "\n";
  append_rules(out, allowed, "    ");
  if (!review.empty()) {
    out += "    # To be looked at: uncomment what belongs there.\n";
    append_rules(out, review, "    # ");
  }
  if (!never.empty()) out += "# No rules for these:\n" + never;
  return out;
}

}  // namespace aks
