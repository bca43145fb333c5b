#include "aks/pod_variables.h"

#include "aks/render/quote.h"

namespace aks {
namespace {

void add_pair(std::vector<PodVariable>& out, const char* lower, const char* upper,
              const std::string& value) {
  if (value.empty()) return;
  const std::string text = render::kubernetes_text(value);
  out.push_back({lower, text});
  out.push_back({upper, text});
}

}  // namespace

std::vector<PodVariable> pod_variables(const render::Values& values) {
  std::vector<PodVariable> out;
  add_pair(out, "http_proxy", "HTTP_PROXY", values.http_proxy);
  add_pair(out, "https_proxy", "HTTPS_PROXY", values.https_proxy);
  add_pair(out, "no_proxy", "NO_PROXY", values.no_proxy);
  return out;
}

}  // namespace aks
