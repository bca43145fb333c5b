#include <spdlog/async_logger.h>
#include <spdlog/details/file_helper.h>
#include <spdlog/details/null_mutex.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/base_sink.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <thread>

#include "base/log.h"

namespace base {
namespace {

// How long RecordLog::flush waits for the writer thread.
constexpr std::chrono::seconds kFlushLimit{2};

// How long the writer rests once it has written everything. Records that come meanwhile wait for
// it, which costs them no wake-up and shares the system call that writes them.
constexpr std::chrono::milliseconds kRest{10};

// Appends to a file that can be opened again while others write (rotation), or writes to stdout.
// Only the writer thread logs, so the base needs no lock; ours is not held while the writer rests.
class RecordSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  // "-" is stdout.
  RecordSink(std::string path, spdlog::details::thread_pool& queue)
      : path_(std::move(path)), queue_(queue), file_(open()) {}
  ~RecordSink() override { write_out(); }
  // Throws, and goes on with the old file, when the path can't be opened. No effect on stdout.
  void reopen() {
    auto fresh = open();
    const std::lock_guard lock(guard_);
    file_ = std::move(fresh);
  }
  std::uint64_t flushes() {
    const std::lock_guard lock(guard_);
    return flushes_;
  }
  // Waits until more than `before` flushes have happened.
  void wait_for_flush(std::uint64_t before) {
    std::unique_lock lock(guard_);
    flushed_.wait_for(lock, kFlushLimit, [&] { return flushes_ > before; });
  }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    {
      const std::lock_guard lock(guard_);
      put(line);
      if (queue_.queue_size() > 0) return;
      write_out();
    }
    std::this_thread::sleep_for(kRest);
  }
  void flush_() override {
    const std::lock_guard lock(guard_);
    write_out();
    ++flushes_;
    flushed_.notify_all();
  }

 private:
  using File = std::unique_ptr<spdlog::details::file_helper>;

  // Null for stdout.
  File open() const {
    if (path_ == "-") return nullptr;
    auto file = std::make_unique<spdlog::details::file_helper>();
    file->open(path_, /*truncate=*/false);
    return file;
  }

  void put(const spdlog::memory_buf_t& line) {
    if (file_ != nullptr) return file_->write(line);
    std::fwrite(line.data(), 1, line.size(), stdout);
  }
  void write_out() {
    if (file_ != nullptr) return file_->flush();
    std::fflush(stdout);
  }

  std::string path_;
  spdlog::details::thread_pool& queue_;
  std::mutex guard_;  // of the file and the count
  File file_;
  std::condition_variable flushed_;
  std::uint64_t flushes_ = 0;
};

}  // namespace

struct RecordLog::Impl {
  std::shared_ptr<spdlog::details::thread_pool> pool;
  std::shared_ptr<RecordSink> sink;
  std::shared_ptr<spdlog::async_logger> logger;
};

Result<std::unique_ptr<RecordLog>> RecordLog::open(const std::string& path,
                                                   std::size_t queue_lines) {
  auto impl = std::make_unique<Impl>();
  try {
    impl->pool = std::make_shared<spdlog::details::thread_pool>(queue_lines, 1);
    impl->sink = std::make_shared<RecordSink>(path, *impl->pool);
  } catch (const spdlog::spdlog_ex& thrown) {
    return fail(ErrorCode::kIo, Party::kProxy,
                "cannot open the access log " + path + ": " + thrown.what() +
                    "; check that the directory exists and is writable",
                errno);
  }
  impl->logger = std::make_shared<spdlog::async_logger>(
      "records", impl->sink, impl->pool, spdlog::async_overflow_policy::overrun_oldest);
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
  try {
    impl_->sink->reopen();
  } catch (const spdlog::spdlog_ex& thrown) {
    log_error(std::string("cannot reopen the access log: ") + thrown.what());
  }
}

void RecordLog::flush() {
  const std::uint64_t before = impl_->sink->flushes();
  impl_->logger->flush();
  impl_->sink->wait_for_flush(before);
}

std::uint64_t RecordLog::dropped() const { return impl_->pool->overrun_counter(); }

}  // namespace base
