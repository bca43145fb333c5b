#include "proxy/h2/terms.h"

namespace proxy::h2 {

http::h2::Settings settings_for(const Runtime& runtime) {
  http::h2::Settings settings;
  settings.head = runtime.http_limits;
  return settings;
}

std::shared_ptr<http::h2::Allowance> allowance_for(const Service& service) {
  return service.tools.holdings.of(service.neighbour.key(),
                                   service.config().limits.stream_bytes_per_client);
}

}  // namespace proxy::h2
