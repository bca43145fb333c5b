// Reads values of facts out of a document, and reports those of another type.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aks/document.h"
#include "base/ip.h"

namespace aks {

// Absent and null say nothing, and neither does an expression that only ARM can compute.
class FactsReader {
 public:
  explicit FactsReader(std::vector<Finding>& findings) : findings_(findings) {}

  void error(const config::Node& node, const std::string& path, std::string message);

  std::string text(const config::Node* value, const std::string& path);
  bool is_true(const config::Node* value, const std::string& path);
  std::string host(const config::Node* value, const std::string& path);
  // The region's short name.
  std::string region(const config::Node* value, const std::string& path);
  std::vector<base::Cidr> cidrs(const config::Node* list, const std::string& path);
  std::vector<std::string> texts(const config::Node* list, const std::string& path);
  // Names of registries, "contoso" for "contoso.azurecr.io" as well.
  std::vector<std::string> registries(const config::Node* list, const std::string& path);

 private:
  template <typename Each>
  void each_text(const config::Node* list, const std::string& path, Each each);

  std::vector<Finding>& findings_;
};

}  // namespace aks
