// Lines of all threads gather in one string, and a writer thread takes that whole every few
// milliseconds: a record costs its copy and a lock, no allocation, no wake-up and a small share of
// a system call.
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "base/log.h"
#include "base/patient_write.h"

namespace base {
namespace {

// How long RecordLog::flush waits for the writer thread.
constexpr std::chrono::seconds kFlushLimit{2};

// How long the writer goes on at the end, while what takes the records takes none.
constexpr Millis kEndLimit{2000};

// Records name who asked for what: not for everybody to read. Non-blocking, so that a FIFO without
// a reader is an error and not a wait.
constexpr int kOpenToAppend = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK;
constexpr mode_t kLogMode = 0640;

// How long the writer rests once it has written everything, while records gather.
constexpr std::chrono::milliseconds kRest{10};

// What may stay allocated after a burst, twice.
constexpr std::size_t kKeptOctets = 1 << 20;

// Lines that wait for the writer. The oldest give way when they are too many.
class Backlog {
 public:
  explicit Backlog(std::size_t max_lines) : max_lines_(max_lines) {}

  bool empty() const { return lines_ == 0; }

  // Returns how many lines had to go.
  std::uint64_t add(std::string_view line) {
    const bool full = lines_ == max_lines_;
    if (full) drop_oldest();
    text_.append(line) += '\n';
    ++lines_;
    return full ? 1 : 0;
  }

  // Puts all lines in place of what `into` holds.
  void take(std::string& into) {
    text_.erase(0, start_);
    into.swap(text_);
    text_.clear();
    if (text_.capacity() > kKeptOctets) text_.shrink_to_fit();
    start_ = lines_ = 0;
  }

 private:
  void drop_oldest() {
    start_ = text_.find('\n', start_) + 1;
    --lines_;
    if (start_ < text_.size() / 2) return;
    text_.erase(0, start_);
    start_ = 0;
  }

  std::size_t max_lines_;
  std::string text_;
  std::size_t start_ = 0;  // of the oldest line
  std::size_t lines_ = 0;
};

// Where records go. Shared with the writer, who may be writing when the log is reopened.
class Destination {
 public:
  // "-" is stdout.
  static Result<std::shared_ptr<const Destination>> open(const std::string& path);
  explicit Destination(int fd) : fd_(fd) {}
  ~Destination() {
    if (fd_ != STDOUT_FILENO) ::close(fd_);
  }
  Destination(const Destination&) = delete;
  Destination& operator=(const Destination&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

Result<std::shared_ptr<const Destination>> Destination::open(const std::string& path) {
  const int fd = path == "-" ? STDOUT_FILENO : ::open(path.c_str(), kOpenToAppend, kLogMode);
  if (fd < 0 && errno == ENXIO) {
    return fail(ErrorCode::kIo, Party::kProxy,
                "cannot open the access log " + path +
                    " (ENXIO): it is a FIFO that nobody reads; start its reader first",
                ENXIO);
  }
  if (fd >= 0) return std::make_shared<const Destination>(fd);
  return fail(ErrorCode::kIo, Party::kProxy,
              "cannot open the access log " + path + " (" + errno_name(errno) +
                  "); check that the directory exists and is writable",
              errno);
}

}  // namespace

struct RecordLog::Impl {
  Impl(std::string name, std::shared_ptr<const Destination> to, std::size_t queue_lines)
      : path(std::move(name)),
        destination(std::move(to)),
        backlog(queue_lines),
        writer([this] { work(); }) {
    ::pthread_setname_np(writer.native_handle(), "records");
  }

  ~Impl() {
    {
      const std::lock_guard lock(guard);
      life = Life::kEnding;
    }
    end_by.store(steady_now() + kEndLimit);
    wake.notify_one();
    writer.join();
  }

  // The writer's thread. Ends when it is told to and has written everything.
  void work() {
    std::string text;
    std::unique_lock lock(guard);
    for (;;) {
      attention = Attention::kWaiting;
      wake.wait(lock, [this] { return !backlog.empty() || life == Life::kEnding; });
      attention = Attention::kElsewhere;
      if (backlog.empty()) return;
      backlog.take(text);
      const std::uint64_t taken = added;
      const auto to = destination;
      lock.unlock();
      const std::uint64_t lost = put(to, text);
      lock.lock();
      dropped += lost;
      written = taken;
      progress.notify_all();
      wake.wait_for(lock, kRest, [this] { return life == Life::kEnding || hurry_until > written; });
    }
  }

  // Returns how many lines could not be written. The first failure in a row is reported.
  std::uint64_t put(const std::shared_ptr<const Destination>& to, std::string_view text) {
    const auto lines = [](std::string_view of) {
      return static_cast<std::uint64_t>(std::count(of.begin(), of.end(), '\n'));
    };
    // A line that broke off is ended first, or the next one would continue it. It counted as lost.
    std::string_view newline = "\n";
    const bool torn_here = torn == to;
    int cause = torn_here ? write_patiently(to->fd(), newline, wait_left()) : 0;
    if (torn_here && cause == 0) torn = nullptr;
    const std::size_t all = text.size();
    const std::string_view whole = text;
    if (cause == 0) cause = write_patiently(to->fd(), text, wait_left());
    if (cause != 0 && text.size() < all && whole[all - text.size() - 1] != '\n') torn = to;
    if (cause != 0 && failing_with != cause) {
      log_error("records are lost: the access log " + path + " can't be written (" +
                errno_name(cause) + "); check its disk or reader");
    }
    failing_with = cause;
    return lines(text);
  }

  // For ever, until the end is near.
  WaitLeft wait_left() {
    return [this] {
      const Instant end = end_by.load();
      if (end == kNever) return Millis(60'000);
      return std::chrono::duration_cast<Millis>(end - steady_now());
    };
  }

  const std::string path;
  int failing_with = 0;                     // the writer's own
  std::shared_ptr<const Destination> torn;  // the same: where a line broke off
  std::atomic<Instant> end_by{kNever};

  std::mutex guard;  // of all that follows
  std::condition_variable wake;
  std::condition_variable progress;
  std::shared_ptr<const Destination> destination;
  Backlog backlog;
  std::uint64_t added = 0;
  std::uint64_t written = 0;  // of those added, including what was dropped
  std::uint64_t dropped = 0;
  std::uint64_t hurry_until = 0;  // somebody waits until this many are written
  enum class Life : std::uint8_t { kServing, kEnding } life = Life::kServing;
  // Whether a new line has to wake the writer.
  enum class Attention : std::uint8_t { kWaiting, kElsewhere } attention = Attention::kElsewhere;

  std::thread writer;
};

Result<std::unique_ptr<RecordLog>> RecordLog::open(const std::string& path,
                                                   std::size_t queue_lines) {
  auto destination = Destination::open(path);
  if (!destination) return fail(destination.error());
  return std::unique_ptr<RecordLog>(
      new RecordLog(std::make_unique<Impl>(path, std::move(*destination), queue_lines)));
}

RecordLog::RecordLog(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

RecordLog::~RecordLog() = default;

void RecordLog::write(std::string_view line) {
  Impl& impl = *impl_;
  const std::lock_guard lock(impl.guard);
  impl.dropped += impl.backlog.add(line);
  ++impl.added;
  if (std::exchange(impl.attention, Impl::Attention::kElsewhere) == Impl::Attention::kWaiting)
    impl.wake.notify_one();
}

void RecordLog::reopen() {
  if (impl_->path == "-") return;
  auto fresh = Destination::open(impl_->path);
  if (!fresh) return log_error("kept the old access log: " + fresh.error().detail);
  const std::lock_guard lock(impl_->guard);
  impl_->destination = std::move(*fresh);
}

void RecordLog::flush() {
  Impl& impl = *impl_;
  std::unique_lock lock(impl.guard);
  const std::uint64_t target = impl.added;
  impl.hurry_until = std::max(impl.hurry_until, target);
  impl.wake.notify_one();
  impl.progress.wait_for(lock, kFlushLimit, [&] { return impl.written >= target; });
}

std::uint64_t RecordLog::dropped() const {
  const std::lock_guard lock(impl_->guard);
  return impl_->dropped;
}

}  // namespace base
