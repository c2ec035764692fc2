#include "log_sink.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <string>
#include <utility>

#include "log_line.h"

namespace evh::host {
namespace {

bool wait_for_room(int descriptor, std::chrono::milliseconds longest) noexcept {
  pollfd writable{descriptor, POLLOUT, 0};
  return ::poll(&writable, 1, static_cast<int>(std::clamp<std::int64_t>(longest.count(), 0, INT_MAX))) > 0;
}

std::size_t lines_of(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

LogSink::LogSink(int descriptor)
    : descriptor_(descriptor), is_terminal_(::isatty(descriptor) == 1), kind_([descriptor] {
        struct stat status {};
        if (::fstat(descriptor, &status) != 0) return Kind::kStream;
        return S_ISREG(status.st_mode) ? Kind::kFile : S_ISSOCK(status.st_mode) ? Kind::kSocket : Kind::kStream;
      }()) {
  buffer_.reserve(kGathered);
  flusher_ = std::jthread([this](const std::stop_token& stop) { flush_from_time_to_time(stop); });
}

LogSink::~LogSink() {
  flusher_.request_stop();
  flusher_.join();
  const std::lock_guard lock(mutex_);
  const auto deadline = Clock::now() + kPatienceAtEnd;
  write_buffer(deadline);
  note_dropped_lines();
  write_buffer(deadline);
}

void LogSink::sink_it_(const spdlog::details::log_msg& message) {
  const std::size_t size = message.payload.size() + 1;
  if (waiting().size() + size > kGathered) flush_();
  note_dropped_lines();
  if (dropped_ > 0 || waiting().size() + size > kMostKept) {
    ++dropped_;
    return;
  }
  const bool was_empty = waiting().empty();
  append({message.payload.data(), message.payload.size()});
  // The first line after a silence is written at once; those that follow it closely are gathered.
  if (is_terminal_ || Clock::now() - last_flush_ >= kLongestWait) {
    flush_();
    if (!waiting().empty()) something_waits_.notify_one();
  } else if (was_empty) {
    something_waits_.notify_one();
  }
}

void LogSink::append(std::string_view line) {
  if (begin_ >= kMostKept / 2) buffer_.erase(0, std::exchange(begin_, 0));
  buffer_.append(line).append("\n");
}

void LogSink::note_dropped_lines() {
  constexpr std::size_t kLongestNote = 512;
  if (dropped_ == 0 || noted_ > 0 || waiting().size() + kLongestNote > kMostKept) return;
  std::array<char, kLongestNote> room;
  const auto now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  LogLine line(room, now.time_since_epoch().count(), EVH_LOG_WARN, "log lines were dropped: they could not be written",
               {});
  line.add("lines", std::to_string(dropped_), EVH_FIELD_JSON);
  append(line.finish());
  noted_ = std::exchange(dropped_, 0);
}

void LogSink::flush_() {
  write_buffer(Clock::now());
}

void LogSink::flush_from_time_to_time(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (something_waits_.wait(lock, stop, [this] { return !waiting().empty(); }) && !stop.stop_requested()) {
    something_waits_.wait_until(lock, stop, last_flush_ + kLongestWait, [] { return false; });
    if (!waiting().empty() && Clock::now() - last_flush_ >= kLongestWait) flush_();
    while (!waiting().empty() && !stop.stop_requested()) {
      lock.unlock();
      wait_for_room(descriptor_, kLongestWait);
      lock.lock();
      flush_();
    }
    if (waiting().empty()) note_dropped_lines();
  }
}

ssize_t LogSink::write_at_once(std::string_view bytes) const noexcept {
  while (true) {
    ssize_t size = 0;
    if (kind_ == Kind::kFile) {
      size = ::write(descriptor_, bytes.data(), bytes.size());
    } else if (kind_ == Kind::kSocket) {
      size = ::send(descriptor_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    } else {
      // A pipe that polls as writable takes PIPE_BUF bytes without blocking; of more, a write would wait for the rest.
      if (!wait_for_room(descriptor_, std::chrono::milliseconds{0})) return 0;
      size = ::write(descriptor_, bytes.data(), std::min<std::size_t>(bytes.size(), PIPE_BUF));
    }
    if (size >= 0) return size;
    if (errno == EAGAIN) return 0;
    if (errno != EINTR) return -1;
  }
}

bool LogSink::write(std::string_view& bytes, Clock::time_point deadline) const noexcept {
  while (!bytes.empty()) {
    const ssize_t size = write_at_once(bytes);
    if (size < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(size));
    if (size > 0) continue;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) return true;
    wait_for_room(descriptor_, left);
  }
  return true;
}

void LogSink::write_buffer(Clock::time_point deadline) noexcept {
  std::string_view left = waiting();
  last_flush_ = Clock::now();
  if (!write(left, deadline)) {
    dropped_ += lines_of(left) + noted_ - (noted_ > 0 ? 1 : 0);
    left = {};
  }
  begin_ = buffer_.size() - left.size();
  if (!left.empty()) return;
  buffer_.clear();
  begin_ = noted_ = 0;
}

void LogSink::write_last(std::string_view line, std::chrono::milliseconds patience) noexcept {
  const auto deadline = Clock::now() + patience;
  // Not try_lock_until of a timed mutex: sanitizers do not know the call that it makes for a steady clock.
  std::unique_lock lock(mutex_, std::defer_lock);
  while (!lock.try_lock()) {
    constexpr std::chrono::milliseconds kPause{1};
    if (Clock::now() >= deadline) return;
    std::this_thread::sleep_for(kPause);
  }
  write_buffer(deadline);
  std::string_view newline = "\n";
  // In the middle of a line that was left over, it would make two of them unreadable.
  if (waiting().empty() && write(line, deadline) && line.empty()) static_cast<void>(write(newline, deadline));
}

}  // namespace evh::host
