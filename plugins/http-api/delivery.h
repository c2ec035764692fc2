#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace evh::http_api {

/// How far the client has taken what was sent on a TCP socket, as the kernel knows it: what our side has handed over
/// says little, since the send buffer may hold megabytes.
class Delivery {
 public:
  using Clock = std::chrono::steady_clock;

  /// Whoever takes less than this in a whole timeout is not reading, only holding on.
  static constexpr std::uint64_t kLeastProgress = 1024;

  explicit Delivery(Clock::time_point now) noexcept : last_progress_(now) {}

  /// The time that the client has begins now.
  void restart(Clock::time_point now) noexcept { last_progress_ = now; }

  /// So many more bytes went into the socket, which had room: the client has made it.
  void note_sent(std::size_t bytes, Clock::time_point now) noexcept {
    sent_ += bytes;
    last_progress_ = now;
  }

  /// Our side of the socket was shut down.
  void note_end() noexcept { ended_ = true; }

  /// Bytes that the client's side has not acknowledged. The end does not count: nobody waits for that.
  std::size_t outstanding(int fd) const noexcept;

  /// To be asked now and then: it has taken less than kLeastProgress for `timeout`.
  bool is_stalled(int fd, Clock::time_point now, Clock::duration timeout) noexcept;

 private:
  std::uint64_t sent_ = 0;
  std::uint64_t taken_ = 0;  // of sent_, at the last progress
  bool ended_ = false;
  Clock::time_point last_progress_;
};

}  // namespace evh::http_api
