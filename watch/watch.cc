#include "watch/watch.h"

#include <chrono>
#include <iterator>
#include <utility>

#include "watch/basket.h"

namespace watch {
namespace {

// A worker that is too busy to show its table is left out.
constexpr std::chrono::milliseconds kShowLimit{1000};

aks::LearnedVerdict learned_verdict(proxy::policy::Verdict verdict) {
  if (verdict == proxy::policy::Verdict::kDeny) return aks::LearnedVerdict::kDeny;
  if (verdict == proxy::policy::Verdict::kWouldDeny) return aks::LearnedVerdict::kWouldDeny;
  return aks::LearnedVerdict::kAllow;
}

struct MisrouteView {
  std::vector<MisrouteRow> rows;
  std::uint64_t evicted = 0;
};

}  // namespace

// The observer of one configuration: what it sees goes to the notes of the worker.
class Watch::Lookout final : public proxy::Observer {
 public:
  Lookout(const Watch& watch, const config::Misroutes& settings)
      : watch_(watch), entries_(settings.entries) {
    if (settings.no_proxy.empty()) return;
    judge_ = std::make_shared<const aks::MisrouteJudge>(settings.no_proxy);
  }

  bool watches() const override { return judge_ != nullptr || watch_.learns(); }

  std::string see(unsigned worker, const proxy::Sighting& sighting) const override {
    Notes& notes = *watch_.notes_[worker];
    std::string misroute = judge(notes, sighting);
    if (notes.learned) {
      const auto method = sighting.kind == proxy::policy::Kind::kConnect
                              ? aks::LearnedMethod::kConnect
                              : aks::LearnedMethod::kForward;
      notes.learned->add({sighting.target.host, sighting.target.port, method,
                          learned_verdict(sighting.record.verdict),
                          sighting.record.client.address.unmapped(), sighting.record.time});
    }
    return misroute;
  }

 private:
  std::string judge(Notes& notes, const proxy::Sighting& sighting) const {
    if (judge_ == nullptr) return {};
    auto misroute = notes.memo.judge(judge_, sighting.target, sighting.addresses);
    if (!misroute) return {};
    std::string text = aks::to_string(*misroute);
    notes.counts[static_cast<std::size_t>(misroute->kind)].fetch_add(1, std::memory_order_relaxed);
    notes.misroutes.note(
        {sighting.record.client.address.unmapped(), sighting.user_agent, std::move(*misroute)},
        sighting.target.host, sighting.target.port, sighting.record.time, entries_);
    return text;
  }

  const Watch& watch_;
  std::size_t entries_;
  JudgePtr judge_;  // null without a noProxy list
};

base::Result<std::unique_ptr<Watch>> Watch::open(const config::Config& config) {
  std::unique_ptr<Watch> watch(new Watch(config.learn));
  if (config.learn.file.empty()) return watch;
  auto learner = Learner::open(config.learn);
  if (!learner) return base::fail(learner.error());
  watch->learner_ = std::move(*learner);
  return watch;
}

aks::Learned Watch::Notes::take_learned() {
  aks::Learned fresh(learned->limit());
  return std::exchange(*learned, std::move(fresh));
}

std::shared_ptr<const proxy::Observer> Watch::observer(const config::Config& config) {
  const std::lock_guard lock(mutex_);
  no_proxy_ = config.misroutes.no_proxy;
  return std::make_shared<const Lookout>(*this, config.misroutes);
}

void Watch::start(std::size_t workers, const Visit& visit) {
  visit_ = visit;
  for (std::size_t i = 0; i < workers; ++i) {
    auto notes = std::make_unique<Notes>();
    if (learns()) notes->learned.emplace(learn_.destinations);
    notes_.push_back(std::move(notes));
  }
  if (!learns()) return;
  learner_->start([this](const std::shared_ptr<LearnedBasket>& basket) {
    return visit_([this, basket](unsigned worker) { basket->put(notes_[worker]->take_learned()); });
  });
}

void Watch::stop() {
  if (learns()) learner_->stop();
}

void Watch::write_down() {
  if (learns()) learner_->write_down();
}

void Watch::retire() {
  life_ = Life::kRetired;
  stop();
}

void Watch::finish() {
  if (!learns() || life_ == Life::kRetired) return;
  std::vector<aks::Learned> rest;
  rest.reserve(notes_.size());
  for (auto& notes : notes_) rest.push_back(notes->take_learned());
  learner_->finish(rest);
}

void Watch::write_metrics(base::TextFormat& out) const {
  using Type = base::MetricType;
  out.family("sluice_misroutes_total", Type::kCounter,
             "Requests that noProxy should have kept away from the proxy, by kind.");
  for (std::size_t i = 0; i < aks::kMisrouteKinds; ++i) {
    std::uint64_t sum = 0;
    for (const auto& notes : notes_) sum += notes->counts[i].load(std::memory_order_relaxed);
    out.sample("kind", aks::token_of(static_cast<aks::MisrouteKind>(i)), sum);
  }
  out.single("sluice_learned_destinations", Type::kGauge,
             "Destinations in the file of learn.file, when last written.",
             learns() ? learner_->destinations() : 0);
  out.single("sluice_learn_dropped_total", Type::kCounter,
             "Requests to destinations for which learn.destinations had no room.",
             learns() ? learner_->dropped() : 0);
}

std::string Watch::misroutes_json() {
  const auto basket = std::make_shared<Basket<MisrouteView>>();
  const std::size_t workers = visit_([this, basket](unsigned worker) {
    const MisrouteTable& table = notes_[worker]->misroutes;
    basket->put({table.rows(), table.evicted()});
  });
  MisrouteView sum;
  for (MisrouteView& view : basket->take(workers, kShowLimit)) {
    std::move(view.rows.begin(), view.rows.end(), std::back_inserter(sum.rows));
    sum.evicted += view.evicted;
  }
  std::vector<std::string> no_proxy;
  {
    const std::lock_guard lock(mutex_);
    no_proxy = no_proxy_;
  }
  return watch::misroutes_json(no_proxy, std::move(sum.rows), sum.evicted, kMaxShownRows);
}

}  // namespace watch
