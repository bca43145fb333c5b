// What is noticed of the traffic for the sake of the cluster's configuration: requests that noProxy
// should have kept away (misroutes), and destinations for an allow-list (learning). Neither changes
// what happens to a request, and where both are off nothing is kept of it.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "aks/learned.h"
#include "aks/misroute.h"
#include "base/result.h"
#include "proxy/observer.h"
#include "watch/learner.h"
#include "watch/misroute_memo.h"
#include "watch/misroute_table.h"

namespace watch {

// Of /misroutes.
inline constexpr std::size_t kMaxShownRows = 1000;

class Watch final : public proxy::Observatory {
 public:
  // Fails (proxy) when the file of learn.file is of no use.
  static base::Result<std::unique_ptr<Watch>> open(const config::Config& config);

  std::shared_ptr<const proxy::Observer> observer(const config::Config& config) override;
  void start(std::size_t workers, const Visit& visit) override;
  void stop() override;
  void write_down() override;
  void retire() override;
  void finish() override;
  void write_metrics(base::TextFormat& out) const override;
  std::string misroutes_json() override;

 private:
  class Lookout;

  // What one worker has seen; touched by its thread, and once it has ended by others.
  struct Notes {
    MisrouteTable misroutes;
    MisrouteMemo memo;
    std::optional<aks::Learned> learned;  // nullopt where nothing is learned
    std::array<std::atomic<std::uint64_t>, aks::kMisrouteKinds> counts{};
    aks::Learned take_learned();
  };

  explicit Watch(const config::Learn& learn) : learn_(learn) {}
  bool learns() const { return learner_ != nullptr; }

  config::Learn learn_;
  std::unique_ptr<Learner> learner_;  // null where nothing is learned
  std::vector<std::unique_ptr<Notes>> notes_;
  enum class Life { kServing, kRetired } life_ = Life::kServing;
  Visit visit_;
  std::mutex mutex_;
  std::vector<std::string> no_proxy_;  // the latest configuration's
};

}  // namespace watch
