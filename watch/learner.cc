#include "watch/learner.h"

#include <pthread.h>

#include <cerrno>
#include <utility>

#include "aks/learned_file.h"
#include "base/file.h"
#include "base/log.h"

namespace watch {
namespace {

constexpr std::chrono::milliseconds kGatherLimit{1000};
constexpr std::chrono::seconds kWriteLimit{5};

}  // namespace

base::Result<std::unique_ptr<Learner>> Learner::open(const config::Learn& settings) {
  aks::Learned learned(settings.destinations);
  const auto text = base::read_file(settings.file, aks::kMaxLearnedBytes);
  if (!text && text.error().cause != ENOENT) return base::fail(text.error());
  if (text) {
    auto known = aks::parse_learned(*text, settings.destinations);
    if (!known) {
      return base::fail(base::ErrorCode::kBadRequest, base::Party::kProxy,
                        settings.file + " can't be continued: " + known.error().detail +
                            "; move it away, or let learn.file name another");
    }
    learned = std::move(*known);
  }
  std::unique_ptr<Learner> learner(new Learner(settings, std::move(learned)));
  const base::Result<void> written = learner->write();
  if (!written) return base::fail(written.error());
  return learner;
}

Learner::Learner(const config::Learn& settings, aks::Learned learned)
    : settings_(settings), learned_(std::move(learned)) {
  add({});
}

Learner::~Learner() { stop(); }

void Learner::start(Gather gather) {
  gather_ = std::move(gather);
  thread_ = std::thread([this] {
    ::pthread_setname_np(::pthread_self(), "learner");
    run();
  });
}

void Learner::write_down() {
  std::unique_lock lock(mutex_);
  if (!thread_.joinable() || life_ != Life::kRunning) return;
  life_ = Life::kHurrying;
  woken_.notify_one();
  written_.wait_for(lock, kWriteLimit, [&] { return life_ != Life::kHurrying; });
}

void Learner::stop() {
  {
    const std::lock_guard lock(mutex_);
    life_ = Life::kStopping;
    woken_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void Learner::finish(const std::vector<aks::Learned>& rest) {
  add(basket_->take(0, kGatherLimit));
  add(rest);
  const base::Result<void> written = write();
  if (!written) base::log_error("what was learned is lost: " + written.error().detail);
}

void Learner::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    woken_.wait_for(lock, settings_.interval, [&] { return life_ != Life::kRunning; });
    if (life_ == Life::kStopping) return;
    lock.unlock();
    add(basket_->take(gather_(basket_), kGatherLimit));
    const base::Result<void> written = write();
    if (!written) base::log_error("learning goes on, but: " + written.error().detail);
    lock.lock();
    if (life_ != Life::kHurrying) continue;
    life_ = Life::kRunning;
    written_.notify_all();
  }
}

void Learner::add(const std::vector<aks::Learned>& tables) {
  for (const aks::Learned& table : tables) learned_.merge(table);
  destinations_.store(learned_.destinations().size(), std::memory_order_relaxed);
  dropped_.store(learned_.dropped(), std::memory_order_relaxed);
}

base::Result<void> Learner::write() {
  return base::replace_file(settings_.file, aks::format_learned(learned_),
                            base::FileAccess::kOwner);
}

}  // namespace watch
