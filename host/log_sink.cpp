#include "log_sink.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace evh::host {

LogSink::LogSink(int descriptor) : descriptor_(descriptor), is_terminal_(::isatty(descriptor) == 1) {
  buffer_.reserve(kBufferSize);
  if (!is_terminal_) flusher_ = std::jthread([this](const std::stop_token& stop) { flush_from_time_to_time(stop); });
}

LogSink::~LogSink() {
  if (flusher_.joinable()) {
    flusher_.request_stop();
    flusher_.join();
  }
  const std::lock_guard lock(mutex_);
  flush_();
}

void LogSink::sink_it_(const spdlog::details::log_msg& message) {
  const std::size_t size = message.payload.size() + 1;
  if (buffer_.size() + size > kBufferSize) flush_();
  const bool was_empty = buffer_.empty();
  buffer_.append(message.payload.data(), message.payload.size());
  buffer_ += '\n';
  // The first line after a silence is written at once; those that follow it closely are gathered.
  if (is_terminal_ || Clock::now() - last_flush_ >= kLongestWait) {
    flush_();
  } else if (was_empty) {
    something_waits_.notify_one();
  }
}

void LogSink::flush_() {
  write_buffer(Clock::time_point::max());
}

void LogSink::flush_from_time_to_time(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (something_waits_.wait(lock, stop, [this] { return !buffer_.empty(); })) {
    something_waits_.wait_until(lock, stop, last_flush_ + kLongestWait, [] { return false; });
    if (!buffer_.empty() && Clock::now() - last_flush_ >= kLongestWait) flush_();
  }
}

bool LogSink::write_buffer(Clock::time_point deadline) noexcept {
  std::size_t written = 0;
  bool is_in_time = true;
  while (written < buffer_.size()) {
    if (deadline != Clock::time_point::max()) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
      pollfd writable{descriptor_, POLLOUT, 0};
      if (left.count() <= 0 || ::poll(&writable, 1, static_cast<int>(left.count())) == 0) {
        is_in_time = false;
        break;
      }
    }
    const ssize_t size = ::write(descriptor_, buffer_.data() + written, buffer_.size() - written);
    if (size >= 0) {
      written += static_cast<std::size_t>(size);
    } else if (errno == EAGAIN) {
      pollfd writable{descriptor_, POLLOUT, 0};
      ::poll(&writable, 1, -1);
    } else if (errno != EINTR) {
      break;
    }
  }
  buffer_.clear();
  last_flush_ = Clock::now();
  return is_in_time;
}

void LogSink::write_last(std::string_view line, std::chrono::milliseconds patience) noexcept {
  const auto deadline = Clock::now() + patience;
  if (!mutex_.try_lock_until(deadline)) return;
  if (buffer_.size() + line.size() + 1 <= buffer_.capacity()) buffer_.append(line).append("\n");
  write_buffer(deadline);
  mutex_.unlock();
}

}  // namespace evh::host
