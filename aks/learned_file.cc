#include "aks/learned_file.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "aks/finding.h"
#include "base/escape.h"
#include "base/rfc3339.h"
#include "http/target.h"

namespace aks {
namespace {

using nlohmann::json;

constexpr std::string_view kFormat = "sluice-learned-1";

base::Failure refuse(std::string detail) {
  return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient, std::move(detail));
}

void append_destination(std::string& out, const Learned::Key& key, const LearnedFacts& facts) {
  const auto& [host, port, method] = key;
  base::append_json_string(out += R"({"host": )", host);
  out += R"(, "port": )" + std::to_string(port);
  out.append(R"(, "method": ")").append(token_of(method));
  out += R"(", "allow": )" + std::to_string(facts.allowed);
  out += R"(, "would_deny": )" + std::to_string(facts.would_be_denied);
  out += R"(, "deny": )" + std::to_string(facts.denied);
  base::append_rfc3339(out += R"(, "first": ")", facts.first);
  base::append_rfc3339(out += R"(", "last": ")", facts.last);
  out += R"(", "clients": [)";
  for (const base::IpAddress& client : facts.clients) {
    if (client != *facts.clients.begin()) out += ", ";
    out += '"' + client.to_string() + '"';
  }
  out += R"(], "more_clients": )";
  out += facts.has_more_clients ? "true}" : "false}";
}

// One entry of "destinations". The first member that is wrong is remembered.
class EntryReader {
 public:
  explicit EntryReader(const json& entry) : entry_(entry) {}

  std::optional<std::string> host(std::uint16_t port) {
    const std::string* text = string_at("host");
    if (text == nullptr) return std::nullopt;
    const bool v6 = text->find(':') != std::string::npos;
    const auto authority =
        http::parse_authority((v6 ? "[" + *text + "]" : *text) + ":" + std::to_string(port));
    if (authority && authority->host == *text) return *text;
    complain("host", cite(*text) + ", which is no host in canonical form");
    return std::nullopt;
  }

  std::uint64_t number(const char* name, std::uint64_t least, std::uint64_t most) {
    const auto found = entry_.find(name);
    const bool fits = found != entry_.end() && found->is_number_unsigned() &&
                      found->get<std::uint64_t>() >= least && found->get<std::uint64_t>() <= most;
    if (fits) return found->get<std::uint64_t>();
    complain(name, "no number from " + std::to_string(least) + " to " + std::to_string(most));
    return least;
  }

  LearnedMethod method() {
    const std::string* text = string_at("method");
    if (text != nullptr && *text == "connect") return LearnedMethod::kConnect;
    if (text != nullptr && *text != "forward") complain("method", "neither connect nor forward");
    return LearnedMethod::kForward;
  }

  base::WallTime time(const char* name) {
    const std::string* text = string_at(name);
    if (text == nullptr) return {};
    const auto parsed = base::parse_rfc3339(*text);
    if (!parsed) complain(name, cite(*text) + ", which is no time");
    return parsed.value_or(base::WallTime());
  }

  void clients(LearnedFacts& facts) {
    const auto more = entry_.find("more_clients");
    if (more == entry_.end() || !more->is_boolean()) return complain("more_clients", "no boolean");
    facts.has_more_clients = more->get<bool>();
    const auto list = entry_.find("clients");
    if (list == entry_.end() || !list->is_array()) return complain("clients", "no array");
    for (const json& item : *list) {
      const auto address = item.is_string()
                               ? base::IpAddress::parse(item.get_ref<const std::string&>())
                               : std::nullopt;
      if (!address) return complain("clients", "no list of addresses");
      facts.add_client(*address);
    }
  }

  const std::string& problem() const { return problem_; }

 private:
  const std::string* string_at(const char* name) {
    const auto found = entry_.find(name);
    if (found != entry_.end() && found->is_string()) return &found->get_ref<const std::string&>();
    complain(name, "no text");
    return nullptr;
  }

  void complain(const std::string& name, const std::string& is) {
    if (problem_.empty()) problem_.append(name).append(" is ").append(is);
  }

  const json& entry_;
  std::string problem_;
};

// Appends the entry, or returns what is wrong with it.
std::string read_entry(const json& entry, Learned& learned) {
  if (!entry.is_object()) return "it is no object";
  constexpr std::uint64_t kMost = std::uint64_t{1} << 60;  // far from overflow when summed
  EntryReader reader(entry);
  const auto port = static_cast<std::uint16_t>(reader.number("port", 1, 65'535));
  const auto host = reader.host(port);
  const LearnedMethod method = reader.method();
  LearnedFacts facts;
  facts.allowed = reader.number("allow", 0, kMost);
  facts.would_be_denied = reader.number("would_deny", 0, kMost);
  facts.denied = reader.number("deny", 0, kMost);
  facts.first = reader.time("first");
  facts.last = reader.time("last");
  reader.clients(facts);
  if (reader.problem().empty()) learned.add({*host, port, method}, facts);
  return reader.problem();
}

}  // namespace

std::string_view token_of(LearnedMethod method) {
  return method == LearnedMethod::kConnect ? "connect" : "forward";
}

std::string format_learned(const Learned& learned) {
  std::string out = R"({"format": ")" + std::string(kFormat) + R"(", "dropped": )" +
                    std::to_string(learned.dropped()) + R"(, "destinations": [)";
  std::string_view separator = "\n";
  for (const auto& [key, facts] : learned.destinations()) {
    append_destination(out += separator, key, facts);
    separator = ",\n";
  }
  return out + "\n]}\n";
}

base::Result<Learned> parse_learned(std::string_view text, std::size_t limit) {
  if (text.size() > kMaxLearnedBytes) return refuse("it is larger than such a file may be");
  const json document = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object() || document.value("format", json()) != kFormat) {
    return refuse("it is no file of `sluice run --learn` (\"format\" is not " +
                  std::string(kFormat) + ")");
  }
  const auto list = document.find("destinations");
  const auto dropped = document.find("dropped");
  const bool whole = list != document.end() && list->is_array() && dropped != document.end() &&
                     dropped->is_number_unsigned();
  if (!whole) return refuse("\"dropped\" or \"destinations\" is missing or of the wrong kind");
  Learned learned(limit);
  for (std::size_t i = 0; i < list->size(); ++i) {
    const std::string problem = read_entry((*list)[i], learned);
    if (!problem.empty()) return refuse("destinations[" + std::to_string(i) + "]: " + problem);
  }
  learned.add_dropped(dropped->get<std::uint64_t>());
  return learned;
}

}  // namespace aks
