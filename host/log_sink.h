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

// A log must not stop the service: whoever logs never waits for whoever reads. What the reader leaves lying is kept up
// to kMostKept; past that lines are dropped, and so are those that cannot be written at all (the reader is gone, the
// disk is full). How many were is told by a line of its own.
class LogSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  static constexpr std::chrono::milliseconds kLongestWait{200};  // of a line in the buffer, while there is a reader
  static constexpr std::chrono::milliseconds kPatienceAtEnd{500};
  static constexpr std::size_t kGathered = std::size_t{64} << 10U;  // bytes that are written without waiting for more
  static constexpr std::size_t kMostKept = std::size_t{1} << 20U;   // bytes

  // `descriptor` is borrowed, and may be blocking. A terminal gets every line at once.
  explicit LogSink(int descriptor);
  // Writes what is left, giving up after kPatienceAtEnd.
  ~LogSink() override;

  // For a process that is about to end whatever else hangs: writes the buffer and one more line, giving up after
  // `patience`, also when another thread is stuck in this sink.
  void write_last(std::string_view line, std::chrono::milliseconds patience) noexcept;

 private:
  using Clock = std::chrono::steady_clock;
  enum class Kind { kFile, kSocket, kStream };

  void sink_it_(const spdlog::details::log_msg& message) override;
  void flush_() override;
  void flush_from_time_to_time(const std::stop_token& stop);

  [[nodiscard]] std::string_view waiting() const noexcept { return std::string_view(buffer_).substr(begin_); }
  void append(std::string_view line);
  void note_dropped_lines();
  // Returns how many bytes went out without waiting; 0: there is no room now; -1: there never will be.
  [[nodiscard]] ssize_t write_at_once(std::string_view bytes) const noexcept;
  // Waits for room until `deadline`. Returns what is left over of `bytes`; all of it was lost when !bool.
  [[nodiscard]] bool write(std::string_view& bytes, Clock::time_point deadline) const noexcept;
  void write_buffer(Clock::time_point deadline) noexcept;

  const int descriptor_;
  const bool is_terminal_;
  const Kind kind_;
  std::string buffer_;
  std::size_t begin_ = 0;    // of what waits in the buffer
  std::size_t dropped_ = 0;  // lines that nobody was told of
  std::size_t noted_ = 0;    // dropped lines that a line in the buffer tells of
  Clock::time_point last_flush_{};
  std::condition_variable_any something_waits_;
  std::jthread flusher_;  // the last member: it uses the others
};

}  // namespace evh::host
