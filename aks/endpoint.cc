#include "aks/endpoint.h"

#include <algorithm>

#include "base/ascii.h"

namespace aks {

std::string_view token_of(Cloud cloud) {
  switch (cloud) {
    case Cloud::kPublic: return "public";
    case Cloud::kChina: return "china";
    case Cloud::kGovernment: return "gov";
  }
  return "public";
}

std::optional<Cloud> parse_cloud(std::string_view text) {
  const std::string name = base::lower(text);
  if (name == "public" || name == "azurecloud") return Cloud::kPublic;
  if (name == "china" || name == "azurechinacloud") return Cloud::kChina;
  if (name == "gov" || name == "azureusgovernment") return Cloud::kGovernment;
  return std::nullopt;
}

std::string_view token_of(Need need) {
  switch (need) {
    case Need::kOptional: return "optional";
    case Need::kRecommended: return "recommended";
    case Need::kRequired: return "required";
  }
  return "required";
}

HostForm form_of(std::string_view host) {
  if (host == "*") return HostForm::kAny;
  if (host.starts_with("ServiceTag:")) return HostForm::kServiceTag;
  if (host == "{apiserver_ip}" || host == "{dns_server}") return HostForm::kAddress;
  if (host.starts_with("*.")) return HostForm::kBelow;
  return host.find('*') == std::string_view::npos ? HostForm::kName : HostForm::kInfix;
}

std::optional<std::string> normal_region(std::string_view text) {
  std::string region = base::lower(text);
  std::erase(region, ' ');
  const bool legal = !region.empty() && region.size() <= 40 &&
                     std::all_of(region.begin(), region.end(),
                                 [](char c) { return base::is_alpha(c) || base::is_digit(c); });
  if (!legal) return std::nullopt;
  return region;
}

}  // namespace aks
