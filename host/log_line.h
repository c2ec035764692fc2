// One line of the log, a JSON object, built in room that the caller brings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "evh/log.h"

namespace evh::host {

// "2026-01-01T12:00:00.123456Z" and its size.
inline constexpr std::size_t kTimestampSize = 27;

// Writes kTimestampSize bytes. `at` is in microseconds since 1970; years beyond 9999 are cut.
void write_timestamp(evh_time at, char* out) noexcept;

[[nodiscard]] std::string_view level_name(std::int32_t level) noexcept;

class LogLine {
 public:
  // `room` holds at least 256 bytes. What does not fit is left out, and the line then ends with "cut":true.
  LogLine(std::span<char> room, evh_time at, std::int32_t level, std::string_view message,
          std::string_view plugin) noexcept;

  // A key that the line has of itself (time, level, msg, plugin) gets an underscore behind it.
  void add(std::string_view key, std::string_view value, std::int32_t kind) noexcept;

  // Closes the object. Without a newline; borrowed from the room.
  [[nodiscard]] std::string_view finish() noexcept;

 private:
  void put(std::string_view text) noexcept;
  void put_text(std::string_view text, std::size_t reserve) noexcept;
  [[nodiscard]] std::size_t left() const noexcept { return room_.size() - size_; }

  std::span<char> room_;
  std::size_t size_ = 0;
  bool is_cut_ = false;
};

}  // namespace evh::host
