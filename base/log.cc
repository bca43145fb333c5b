#include "base/log.h"

#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <mutex>

#include "base/patient_write.h"

namespace base {
namespace {

constexpr std::size_t kDiagnosticQueueLines = 8192;
constexpr const char* kDiagnosticPattern = "%Y-%m-%dT%H:%M:%S.%e%z %l %v";

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return spdlog::level::debug;
    case LogLevel::kInfo: return spdlog::level::info;
    case LogLevel::kWarn: return spdlog::level::warn;
    case LogLevel::kError: return spdlog::level::err;
  }
  return spdlog::level::info;
}

// How long a line waits for room on stderr, unless the one before has waited in vain.
constexpr Millis kStderrWait{1000};

// Standard error, of whoever started us: nobody has to read it, and it may have been closed.
class StandardError final : public spdlog::sinks::base_sink<std::mutex> {
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    std::string_view text(line.data(), line.size());
    const Instant until = steady_now() + (state_ == State::kStuck ? Millis(0) : kStderrWait);
    const int cause = write_patiently(
        STDERR_FILENO, text, [until] { return std::chrono::ceil<Millis>(until - steady_now()); });
    state_ = cause == ETIMEDOUT ? State::kStuck : State::kFine;
  }
  void flush_() override {}

  enum class State : std::uint8_t { kFine, kStuck } state_ = State::kFine;
};

struct Diagnostics {
  std::shared_ptr<spdlog::details::thread_pool> pool;
  std::shared_ptr<spdlog::logger> logger;
};

// The one process-wide object of the house: a diagnostic line may come from anywhere, and passing a
// logger through every constructor would pay no rent. Replaced only by log_start and log_stop.
Diagnostics& diagnostics() {
  static Diagnostics instance = [] {
    Diagnostics made;
    made.logger = std::make_shared<spdlog::logger>("sluice", std::make_shared<StandardError>());
    made.logger->set_pattern(kDiagnosticPattern);
    made.logger->flush_on(spdlog::level::trace);
    return made;
  }();
  return instance;
}

}  // namespace

void log_start(LogLevel level) {
  Diagnostics& diag = diagnostics();
  diag.pool = std::make_shared<spdlog::details::thread_pool>(kDiagnosticQueueLines, 1);
  diag.logger =
      std::make_shared<spdlog::async_logger>("sluice", std::make_shared<StandardError>(), diag.pool,
                                             spdlog::async_overflow_policy::overrun_oldest);
  diag.logger->set_pattern(kDiagnosticPattern);
  diag.logger->set_level(to_spdlog(level));
}

void log_stop() {
  Diagnostics& diag = diagnostics();
  const auto level = diag.logger->level();
  // Destroying the pool writes what is queued; later lines go to stderr synchronously.
  diag.logger = std::make_shared<spdlog::logger>("sluice", std::make_shared<StandardError>());
  diag.logger->set_pattern(kDiagnosticPattern);
  diag.logger->set_level(level);
  diag.pool.reset();
}

void log_set_level(LogLevel level) { diagnostics().logger->set_level(to_spdlog(level)); }

void log(LogLevel level, std::string_view text) {
  diagnostics().logger->log(to_spdlog(level), spdlog::string_view_t(text.data(), text.size()));
}

}  // namespace base
