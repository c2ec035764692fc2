// Where log lines go: a file descriptor, through a buffer when no person watches.
#pragma once

#include <spdlog/sinks/base_sink.h>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace evh::host {

// A line waits at most kLongestWait in the buffer. Lines that cannot be written (the reader is gone, the disk is full)
// are dropped: a log must not stop the service.
class LogSink final : public spdlog::sinks::base_sink<std::timed_mutex> {
 public:
  static constexpr std::chrono::milliseconds kLongestWait{200};
  static constexpr std::size_t kBufferSize = std::size_t{64} << 10U;

  // `descriptor` is borrowed. A terminal gets every line at once.
  explicit LogSink(int descriptor);
  ~LogSink() override;

  // For a process that is about to end whatever else hangs: writes the buffer and one more line, giving up after
  // `patience`, also when another thread is stuck in this sink.
  void write_last(std::string_view line, std::chrono::milliseconds patience) noexcept;

 private:
  using Clock = std::chrono::steady_clock;

  void sink_it_(const spdlog::details::log_msg& message) override;
  void flush_() override;
  void flush_from_time_to_time(const std::stop_token& stop);
  // False: the time was over first.
  bool write_buffer(Clock::time_point deadline) noexcept;

  const int descriptor_;
  const bool is_terminal_;
  std::string buffer_;
  Clock::time_point last_flush_{};
  std::condition_variable_any something_waits_;
  std::jthread flusher_;  // the last member: it uses the others
};

}  // namespace evh::host
