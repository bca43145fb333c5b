#include "aks/facts_reader.h"

#include "aks/endpoint.h"
#include "aks/no_proxy_entry.h"
#include "base/ascii.h"

namespace aks {
namespace {

using config::Node;

bool is_host(const std::string& text) {
  const NoProxyEntry entry = parse_no_proxy_entry(text);
  return entry.kind == NoProxyKind::kName && !entry.port;
}

bool says_nothing(const Node* value) {
  return value == nullptr || value->kind == Node::Kind::kNull || is_unknown(*value);
}

}  // namespace

void FactsReader::error(const Node& node, const std::string& path, std::string message) {
  findings_.push_back(
      {Severity::kError, "facts-type", path, std::move(message), "", node.line, node.column});
}

std::string FactsReader::text(const Node* value, const std::string& path) {
  if (says_nothing(value)) return "";
  if (is_string(*value)) return value->text;
  error(*value, path, "the value is " + std::string(type_of(*value)) + "; expected a string");
  return "";
}

bool FactsReader::is_true(const Node* value, const std::string& path) {
  if (says_nothing(value)) return false;
  if (const auto known = boolean_of(*value)) return *known;
  error(*value, path, "the value is " + std::string(type_of(*value)) + "; expected true or false");
  return false;
}

std::string FactsReader::host(const Node* value, const std::string& path) {
  std::string name = text(value, path);
  if (!name.empty() && !is_host(name)) error(*value, path, cite(name) + " is no host name");
  return name;
}

std::string FactsReader::region(const Node* value, const std::string& path) {
  std::string name = text(value, path);
  if (name.empty()) return name;
  const auto region = normal_region(name);
  if (!region) error(*value, path, cite(name) + " is no region such as westeurope");
  return region.value_or("");
}

// Calls each(node, path) for the strings of a list.
template <typename Each>
void FactsReader::each_text(const Node* list, const std::string& path, Each each) {
  if (says_nothing(list)) return;
  if (list->kind != Node::Kind::kList) {
    return error(*list, path,
                 "the value is " + std::string(type_of(*list)) + "; expected an array");
  }
  for (size_t i = 0; i < list->items.size(); ++i) {
    const Node& item = list->items[i];
    if (is_unknown(item)) continue;
    if (item.kind == Node::Kind::kScalar) {
      each(item, path_to(path, i));
    } else {
      error(item, path_to(path, i),
            "the element is " + std::string(type_of(item)) + "; expected a string");
    }
  }
}

std::vector<base::Cidr> FactsReader::cidrs(const Node* list, const std::string& path) {
  std::vector<base::Cidr> out;
  each_text(list, path, [&](const Node& node, const std::string& where) {
    const auto cidr = base::Cidr::parse(node.text);
    if (cidr) return out.push_back(*cidr);
    error(node, where,
          cite(node.text) +
              " is no address prefix; expected one such as \"10.0.0.0/16\" without host bits");
  });
  return out;
}

std::vector<std::string> FactsReader::texts(const Node* list, const std::string& path) {
  std::vector<std::string> out;
  each_text(list, path, [&](const Node& node, const std::string&) { out.push_back(node.text); });
  return out;
}

std::vector<std::string> FactsReader::registries(const Node* list, const std::string& path) {
  constexpr std::string_view kSuffix = ".azurecr.io";
  std::vector<std::string> out;
  each_text(list, path, [&](const Node& node, const std::string& where) {
    std::string name = base::lower(node.text);
    if (name.ends_with(kSuffix)) name.resize(name.size() - kSuffix.size());
    if (!is_host(name) || name.find('.') != std::string::npos) {
      return error(node, where, cite(node.text) + " is no registry's name such as contoso");
    }
    out.push_back(std::move(name));
  });
  return out;
}

}  // namespace aks
