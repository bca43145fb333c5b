// Two streams: the diagnostic log, for what operators should know about the proxy itself, on stderr
// (this is the only face of spdlog); and record streams (the access log), one line each, to stdout
// or a file. Writing never waits for a disk or a reader: lines go through a bounded queue to a
// writer thread, the oldest are dropped when it is full, and drops are counted.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace base {

enum class LogLevel { kDebug, kInfo, kWarn, kError };

// Sets up the diagnostic log on stderr. Called once by main before any thread starts; without it,
// lines go to stderr synchronously (as tests like it).
void log_start(LogLevel level);
// Writes out what is queued and stops the writer thread.
void log_stop();
void log_set_level(LogLevel level);

// One line. `text` must be escaped already where it holds wire bytes (base/escape.h).
void log(LogLevel level, std::string_view text);
inline void log_debug(std::string_view text) { log(LogLevel::kDebug, text); }
inline void log_info(std::string_view text) { log(LogLevel::kInfo, text); }
inline void log_warn(std::string_view text) { log(LogLevel::kWarn, text); }
inline void log_error(std::string_view text) { log(LogLevel::kError, text); }

// A stream of records, safe to write from any thread (record_log.cc). A record is written within
// some 10 ms.
class RecordLog {
 public:
  // "-" is stdout. Fails (party: proxy) when the file cannot be opened for appending.
  // `queue_lines` bounds what gathers while the writer thread is busy with as many.
  static Result<std::unique_ptr<RecordLog>> open(const std::string& path, std::size_t queue_lines);
  ~RecordLog();
  RecordLog(const RecordLog&) = delete;
  RecordLog& operator=(const RecordLog&) = delete;

  // Queues one record, of one line; the newline is added here.
  void write(std::string_view line);
  // Closes and opens the file again, for log rotation. No effect on stdout. A file that can't be
  // opened again is reported in the diagnostic log and the old one kept.
  void reopen();
  // Waits, at most 2 s, until what was written so far has reached the file or stdout.
  void flush();
  // Lines lost so far: the queue was full, or the file could not be written (a full disk), which
  // the diagnostic log reports.
  std::uint64_t dropped() const;

 private:
  struct Impl;
  explicit RecordLog(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace base
