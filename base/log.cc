#include "base/log.h"

#include <spdlog/async_logger.h>
#include <spdlog/details/file_helper.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <mutex>

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

// How long RecordLog::flush waits for the writer thread.
constexpr std::chrono::seconds kFlushLimit{2};

// Appends to a file that can be opened again while others write (rotation).
class FileSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  FileSink(std::string path, spdlog::details::thread_pool& queue)
      : path_(std::move(path)), queue_(queue), file_(open()) {}
  // Throws, and goes on with the old file, when the path can't be opened.
  void reopen() {
    auto fresh = open();
    const std::lock_guard lock(mutex_);
    file_ = std::move(fresh);
  }
  std::uint64_t flushes() {
    const std::lock_guard lock(mutex_);
    return flushes_;
  }
  // Waits until more than `before` flushes have happened.
  void wait_for_flush(std::uint64_t before) {
    std::unique_lock lock(mutex_);
    flushed_.wait_for(lock, kFlushLimit, [&] { return flushes_ > before; });
  }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    file_->write(line);
    // Whoever follows the file sees a record soon, and under load many share one system call.
    if (queue_.queue_size() == 0) file_->flush();
  }
  void flush_() override {
    file_->flush();
    ++flushes_;
    flushed_.notify_all();
  }

 private:
  using File = std::unique_ptr<spdlog::details::file_helper>;

  File open() const {
    auto file = std::make_unique<spdlog::details::file_helper>();
    file->open(path_, /*truncate=*/false);
    return file;
  }

  std::string path_;
  spdlog::details::thread_pool& queue_;
  File file_;
  std::condition_variable flushed_;
  std::uint64_t flushes_ = 0;
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
    made.logger = std::make_shared<spdlog::logger>(
        "sluice", std::make_shared<spdlog::sinks::stderr_sink_mt>());
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
  diag.logger = std::make_shared<spdlog::async_logger>(
      "sluice", std::make_shared<spdlog::sinks::stderr_sink_mt>(), diag.pool,
      spdlog::async_overflow_policy::overrun_oldest);
  diag.logger->set_pattern(kDiagnosticPattern);
  diag.logger->set_level(to_spdlog(level));
}

void log_stop() {
  Diagnostics& diag = diagnostics();
  const auto level = diag.logger->level();
  // Destroying the pool writes what is queued; later lines go to stderr synchronously.
  diag.logger =
      std::make_shared<spdlog::logger>("sluice", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  diag.logger->set_pattern(kDiagnosticPattern);
  diag.logger->set_level(level);
  diag.pool.reset();
}

void log_set_level(LogLevel level) { diagnostics().logger->set_level(to_spdlog(level)); }

void log(LogLevel level, std::string_view text) {
  diagnostics().logger->log(to_spdlog(level), spdlog::string_view_t(text.data(), text.size()));
}

struct RecordLog::Impl {
  std::shared_ptr<spdlog::details::thread_pool> pool;
  std::shared_ptr<FileSink> file;  // null for stdout
  std::shared_ptr<spdlog::async_logger> logger;
};

Result<std::unique_ptr<RecordLog>> RecordLog::open(const std::string& path,
                                                   std::size_t queue_lines) {
  auto impl = std::make_unique<Impl>();
  std::shared_ptr<spdlog::sinks::sink> sink;
  try {
    impl->pool = std::make_shared<spdlog::details::thread_pool>(queue_lines, 1);
    if (path == "-") {
      sink = std::make_shared<spdlog::sinks::stdout_sink_mt>();
    } else {
      impl->file = std::make_shared<FileSink>(path, *impl->pool);
      sink = impl->file;
    }
  } catch (const spdlog::spdlog_ex& thrown) {
    return fail(ErrorCode::kIo, Party::kProxy,
                "cannot open the access log " + path + ": " + thrown.what() +
                    "; check that the directory exists and is writable",
                errno);
  }
  impl->logger = std::make_shared<spdlog::async_logger>(
      "records", sink, impl->pool, spdlog::async_overflow_policy::overrun_oldest);
  impl->logger->set_pattern("%v");
  return std::unique_ptr<RecordLog>(new RecordLog(std::move(impl)));
}

RecordLog::RecordLog(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

RecordLog::~RecordLog() {
  // The pool's destructor empties the queue while the logger's sinks are still alive. (A flush
  // message would push a record out of a full queue.)
  impl_->pool.reset();
}

void RecordLog::write(std::string_view line) {
  impl_->logger->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
}

void RecordLog::reopen() {
  if (!impl_->file) return;
  try {
    impl_->file->reopen();
  } catch (const spdlog::spdlog_ex& thrown) {
    log_error(std::string("cannot reopen the access log: ") + thrown.what());
  }
}

void RecordLog::flush() {
  if (impl_->file == nullptr) {
    impl_->logger->flush();
    return;
  }
  const std::uint64_t before = impl_->file->flushes();
  impl_->logger->flush();
  impl_->file->wait_for_flush(before);
}

std::uint64_t RecordLog::dropped() const { return impl_->pool->overrun_counter(); }

}  // namespace base
