#include "aks/catalogue_reader.h"

#include <nlohmann/json.hpp>
#include <optional>

namespace aks {
namespace {

using nlohmann::json;

// Takes members out of an object and remembers the first that is missing or of the wrong type.
class Members {
 public:
  explicit Members(const json& object) : object_(object) {
    if (!object.is_object()) problem_ = "is no object";
  }

  std::string text(const char* key, std::optional<std::string> fallback = std::nullopt) {
    const json* value = find(key);
    if (value == nullptr && fallback) return *fallback;
    if (value == nullptr || !value->is_string()) {
      complain(key, "a string");
      return {};
    }
    return value->get<std::string>();
  }

  std::vector<std::string> texts(const char* key) {
    std::vector<std::string> out;
    const json* value = find(key);
    if (value == nullptr || !value->is_array()) {
      complain(key, "an array of strings");
      return out;
    }
    for (const json& item : *value) {
      if (!item.is_string()) complain(key, "an array of strings");
      if (item.is_string()) out.push_back(item.get<std::string>());
    }
    return out;
  }

  // An absent list is empty.
  std::vector<std::string> optional_texts(const char* key) {
    return find(key) == nullptr ? std::vector<std::string>() : texts(key);
  }

  std::uint16_t port(const char* key) {
    const json* value = find(key);
    if (value == nullptr || !value->is_number_unsigned() || value->get<std::uint64_t>() == 0 ||
        value->get<std::uint64_t>() > 65535) {
      complain(key, "a port");
      return 0;
    }
    return value->get<std::uint16_t>();
  }

  bool is_true(const char* key) {
    const json* value = find(key);
    return value != nullptr && value->is_boolean() && value->get<bool>();
  }

  // The value that stands beside the member's text in `words`.
  template <typename T, size_t N>
  T word(const char* key, const std::pair<const char*, T> (&words)[N],
         std::optional<std::string> fallback = std::nullopt) {
    const std::string value = text(key, std::move(fallback));
    for (const auto& [name, meaning] : words) {
      if (value == name) return meaning;
    }
    complain(key, "one of the known words");
    return words[0].second;
  }

  void complain(const char* key, const char* expected) {
    if (problem_.empty()) problem_ = std::string(key) + " is not " + expected;
  }

  template <typename T>
  base::Result<T> finish(T value, const char* what) const {
    if (problem_.empty()) return value;
    return base::fail(base::ErrorCode::kInternal, base::Party::kProxy,
                      std::string("endpoint catalogue: ") + what + ": " + problem_);
  }

 private:
  const json* find(const char* key) const {
    if (!object_.is_object()) return nullptr;
    const auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
  }

  const json& object_;
  std::string problem_;
};

void read_example(Members& members, Endpoint& endpoint) {
  const std::string known = members.text("example", "");
  const std::string invented = members.text("invented_example", "");
  if (!known.empty()) {
    endpoint.example = known;
    endpoint.example_source = ExampleSource::kKnown;
  } else if (!invented.empty()) {
    endpoint.example = invented;
    endpoint.example_source = ExampleSource::kInvented;
  } else if (endpoint.form == HostForm::kName) {
    endpoint.example = endpoint.host;
    endpoint.example_source = ExampleSource::kItself;
  } else {
    endpoint.example_source = ExampleSource::kNone;
  }
}

}  // namespace

base::Result<Provenance> read_provenance(const json& object) {
  Members members(object);
  Provenance provenance{members.text("repository"), members.text("document"),
                        members.text("commit"), members.text("date"), members.texts("remarks")};
  return members.finish(std::move(provenance), "provenance");
}

base::Result<Group> read_group(const json& object) {
  static constexpr std::pair<const char*, Applies> kApplies[] = {{"always", Applies::kAlways},
                                                                 {"gpu", Applies::kGpu},
                                                                 {"windows", Applies::kWindows},
                                                                 {"addon", Applies::kAddon}};
  Members members(object);
  Group group;
  group.name = members.text("name");
  group.applies = members.word("applies", kApplies);
  group.title = members.text("title");
  if (group.applies == Applies::kAddon) group.aliases = members.texts("aliases");
  const std::string what = "group " + group.name;
  return members.finish(std::move(group), what.c_str());
}

base::Result<Endpoint> read_endpoint(const json& object) {
  static constexpr std::pair<const char*, Transport> kTransports[] = {{"tcp", Transport::kTcp},
                                                                      {"udp", Transport::kUdp}};
  static constexpr std::pair<const char*, Need> kNeeds[] = {{"required", Need::kRequired},
                                                            {"recommended", Need::kRecommended},
                                                            {"optional", Need::kOptional}};
  static constexpr std::pair<const char*, Route> kRoutes[] = {{"proxy", Route::kProxy},
                                                              {"direct", Route::kDirect}};
  static constexpr std::pair<const char*, Inspection> kInspections[] = {
      {"acceptable", Inspection::kAcceptable}, {"forbidden", Inspection::kForbidden}};
  static constexpr std::pair<const char*, Os> kSystems[] = {
      {"any", Os::kAny}, {"linux", Os::kLinux}, {"windows", Os::kWindows}};
  static constexpr std::pair<const char*, std::optional<UrlScheme>> kSchemes[] = {
      {"", std::nullopt}, {"http", UrlScheme::kHttp}, {"https", UrlScheme::kHttps}};

  Members members(object);
  Endpoint endpoint;
  endpoint.host = members.text("host");
  endpoint.form = form_of(endpoint.host);
  endpoint.port = members.port("port");
  endpoint.transport = members.word("transport", kTransports, "tcp");
  endpoint.scheme = members.word("scheme", kSchemes, "");
  for (const std::string& name : members.texts("clouds")) {
    const auto cloud = parse_cloud(name);
    if (!cloud) members.complain("clouds", "a list of clouds");
    if (cloud) endpoint.clouds.push_back(*cloud);
  }
  endpoint.groups = {members.text("group")};
  for (const std::string& word : members.optional_texts("unless")) {
    if (word == "api-server-inside") {
      endpoint.unless_api_server_inside = true;
    } else if (word == "isolated") {
      endpoint.unless_isolated = true;
    } else {
      members.complain("unless", "a list of known words");
    }
  }
  endpoint.need = members.word("need", kNeeds);
  endpoint.via = members.word("via", kRoutes);
  endpoint.inspection = members.word("inspection", kInspections, "acceptable");
  endpoint.os = members.word("os", kSystems, "any");
  endpoint.gpu = members.is_true("gpu") ? Gpu::kYes : Gpu::kNo;
  endpoint.purpose = members.text("purpose");
  endpoint.note = members.text("note", "");
  endpoint.path = members.text("path", "/");
  read_example(members, endpoint);
  const std::string what = "host " + endpoint.host;
  return members.finish(std::move(endpoint), what.c_str());
}

}  // namespace aks
