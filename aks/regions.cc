#include "aks/regions.h"

#include <algorithm>

#include "aks/finding.h"
#include "config/suggest.h"

namespace aks {

const std::vector<std::string>& regions() {
  // As `az account list-locations` and the documents of the other clouds name them.
  static const std::vector<std::string> kRegions = {"australiacentral",
                                                    "australiacentral2",
                                                    "australiaeast",
                                                    "australiasoutheast",
                                                    "austriaeast",
                                                    "belgiumcentral",
                                                    "brazilsouth",
                                                    "brazilsoutheast",
                                                    "canadacentral",
                                                    "canadaeast",
                                                    "centralindia",
                                                    "centralus",
                                                    "centraluseuap",
                                                    "chilecentral",
                                                    "denmarkeast",
                                                    "eastasia",
                                                    "eastus",
                                                    "eastus2",
                                                    "eastus2euap",
                                                    "francecentral",
                                                    "francesouth",
                                                    "germanynorth",
                                                    "germanywestcentral",
                                                    "indonesiacentral",
                                                    "israelcentral",
                                                    "italynorth",
                                                    "japaneast",
                                                    "japanwest",
                                                    "jioindiacentral",
                                                    "jioindiawest",
                                                    "koreacentral",
                                                    "koreasouth",
                                                    "malaysiawest",
                                                    "mexicocentral",
                                                    "newzealandnorth",
                                                    "northcentralus",
                                                    "northeurope",
                                                    "norwayeast",
                                                    "norwaywest",
                                                    "polandcentral",
                                                    "qatarcentral",
                                                    "southafricanorth",
                                                    "southafricawest",
                                                    "southcentralus",
                                                    "southeastasia",
                                                    "southindia",
                                                    "spaincentral",
                                                    "swedencentral",
                                                    "swedensouth",
                                                    "switzerlandnorth",
                                                    "switzerlandwest",
                                                    "taiwannorth",
                                                    "taiwannorthwest",
                                                    "uaecentral",
                                                    "uaenorth",
                                                    "uksouth",
                                                    "ukwest",
                                                    "westcentralus",
                                                    "westeurope",
                                                    "westindia",
                                                    "westus",
                                                    "westus2",
                                                    "westus3",
                                                    "chinaeast",
                                                    "chinaeast2",
                                                    "chinaeast3",
                                                    "chinanorth",
                                                    "chinanorth2",
                                                    "chinanorth3",
                                                    "usdodcentral",
                                                    "usdodeast",
                                                    "usgovarizona",
                                                    "usgoviowa",
                                                    "usgovtexas",
                                                    "usgovvirginia"};
  return kRegions;
}

base::Result<void> check_region(std::string_view region, std::string_view with_cloud) {
  const auto& known = regions();
  if (std::find(known.begin(), known.end(), region) != known.end()) return {};
  const std::string near = config::nearest(region, known);
  return base::fail(
      base::ErrorCode::kBadRequest, base::Party::kClient,
      "the region " + cite(region) + " is unknown" +
          (near.empty() ? "" : ", did you mean " + near + "?") +
          (near.empty() ? "; for one" : " For one") +
          " that is newer than this program name the cloud as well: " + std::string(with_cloud));
}

}  // namespace aks
