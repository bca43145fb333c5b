#include <nlohmann/json.hpp>

#include "aks/finding.h"
#include "aks/no_proxy/explain.h"

namespace aks::no_proxy {
namespace {

using Json = nlohmann::ordered_json;

// Stands for a proxy where only the list is in question.
constexpr char kSomeProxy[] = "http://proxy.invalid:3128";

std::string dump(const Json& json, int indent) {
  return json.dump(indent, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
}

void add_verdict(Json& json, const Verdict& verdict) {
  json["outcome"] = token_of(verdict.outcome);
  json["rule"] = token_of(verdict.rule);
  json["because"] = describe(verdict.rule);
  json["entry"] = verdict.entry;
  json["proxy"] = without_credentials(verdict.proxy.value);
  json["proxy_variable"] = verdict.proxy.name;
  json["list_variable"] = verdict.list.name;
}

// A case as its line spells it, or a sentence that says what is wrong with it.
struct Case {
  Client client = Client::kGo;
  Environment environment;
  Destination to;
  std::vector<base::IpAddress> resolved;
  std::string wrong;
};

std::string text_of(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

Case wrong(std::string sentence) {
  Case out;
  out.wrong = std::move(sentence);
  return out;
}

Case parse_case(const Json& json) {
  if (!json.is_object())
    return wrong("a case is a JSON object with client, url and no_proxy or env");
  Case out;
  const auto client = parse_client(text_of(json, "client"));
  if (!client) return wrong("client " + cite(text_of(json, "client")) + " is unknown");
  out.client = *client;
  auto to = parse_destination(text_of(json, "url"));
  if (!to) return wrong(to.error().detail);
  out.to = std::move(*to);
  if (const auto env = json.find("env"); env != json.end() && env->is_object()) {
    for (const auto& [name, value] : env->items()) {
      if (!value.is_string()) return wrong("the variable " + cite(name) + " is no text");
      out.environment[name] = value.get<std::string>();
    }
  } else {
    out.environment = told_to_all(kSomeProxy, text_of(json, "no_proxy"));
  }
  for (const Json& each : json.value("resolved", Json::array())) {
    const auto address = base::IpAddress::parse(each.is_string() ? each.get<std::string>() : "");
    if (!address) return wrong("resolved holds " + cite(each.dump()) + ", which is no address");
    out.resolved.push_back(*address);
  }
  return out;
}

}  // namespace

std::string format_json(const Explanation& explanation) {
  Json json = {{"source", explanation.source},
               {"no_proxy", explanation.list},
               {"destinations", Json::array()}};
  for (const Answer& answer : explanation.answers) {
    Json verdicts = Json::array();
    for (size_t i = 0; i < answer.verdicts.size(); ++i) {
      Json verdict = {{"client", token_of(explanation.clients[i])}};
      add_verdict(verdict, answer.verdicts[i]);
      verdicts.push_back(std::move(verdict));
    }
    json["destinations"].push_back(
        {{"url", answer.question.url}, {"verdicts", std::move(verdicts)}});
  }
  return dump(json, 2) + "\n";
}

BatchAnswer answer_case(std::string_view line) {
  const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  const Case asked = parse_case(json);
  if (!asked.wrong.empty()) {
    return {dump({{"error", asked.wrong}}, -1), BatchAnswer::Case::kBad};
  }
  Json out = Json::object();
  add_verdict(out, evaluate(asked.client, asked.environment, asked.to, asked.resolved));
  return {dump(out, -1), BatchAnswer::Case::kGood};
}

}  // namespace aks::no_proxy
