#include "aks/pod_variables.h"

#include "aks/render/quote.h"

namespace aks {
namespace {

void add_pair(std::vector<PodVariable>& out, const char* upper, const char* lower,
              const std::string& value) {
  if (value.empty()) return;
  const std::string text = render::kubernetes_text(value);
  out.push_back({upper, text});
  out.push_back({lower, text});
}

}  // namespace

std::vector<PodVariable> pod_variables(const render::Values& values) {
  std::vector<PodVariable> out;
  add_pair(out, "HTTP_PROXY", "http_proxy", values.http_proxy);
  add_pair(out, "HTTPS_PROXY", "https_proxy", values.https_proxy);
  add_pair(out, "NO_PROXY", "no_proxy", values.no_proxy);
  return out;
}

}  // namespace aks
