// How each kind of system and program is made to trust a CA, as text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aks {

struct CaGuide {
  std::string_view system;  // "debian"
  std::string_view title;
  // Commands and sentences; "{ca}" stands for the certificate's path.
  std::string_view text;
};

const std::vector<CaGuide>& ca_guides();

// Those of `systems`, or all when that is empty, with `path` in place of "{ca}".
std::string guides_text(const std::vector<std::string>& systems, const std::string& path);
std::string guides_json(const std::vector<std::string>& systems, const std::string& path);

}  // namespace aks
