// Which way a request goes, and the schemes of the URLs that a proxy is asked for.
#pragma once

namespace aks {

enum class Route { kProxy, kDirect };

enum class UrlScheme { kHttp, kHttps };

}  // namespace aks
