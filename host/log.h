// The log of the process: JSON lines.
#pragma once

#include <spdlog/logger.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>

#include "evh/host.hpp"
#include "evh/log.h"
#include "log_sink.h"
#include "secrets.h"

namespace evh::host {

inline constexpr std::size_t kLongestLine = std::size_t{16} << 10U;  // bytes; what is longer is cut
inline constexpr std::size_t kMostFields = 64;                       // of one line; more are left out

// Every function is for any thread, and none throws.
class Log {
 public:
  // Lines below `level` (EVH_LOG_...) are not written, and no line shows one of the `secrets`. `descriptor` is
  // borrowed.
  Log(int descriptor, std::int32_t level, Secrets secrets);

  [[nodiscard]] bool writes(std::int32_t level) const noexcept;
  [[nodiscard]] const Secrets& secrets() const noexcept { return secrets_; }

  // `plugin` is an id of the configuration, empty for the host itself.
  void write(std::int32_t level, std::string_view plugin, std::string_view message,
             std::span<const evh_log_field> fields) noexcept;

  void info(std::string_view plugin, std::string_view message, std::initializer_list<Field> fields = {}) noexcept;
  void warn(std::string_view plugin, std::string_view message, std::initializer_list<Field> fields = {}) noexcept;
  void error(std::string_view plugin, std::string_view message, std::initializer_list<Field> fields = {}) noexcept;

  // Writes what waits in the buffer.
  void flush() noexcept;

  // For a process that ends whatever else hangs: an error line and all that waits, within `patience`.
  void write_last(std::string_view plugin, std::string_view message, std::initializer_list<Field> fields,
                  std::chrono::milliseconds patience) noexcept;

 private:
  [[nodiscard]] std::string_view build(std::chrono::system_clock::time_point at, std::int32_t level,
                                       std::string_view plugin, std::string_view message,
                                       std::span<const evh_log_field> fields) const noexcept;

  const Secrets secrets_;
  const std::shared_ptr<LogSink> sink_;
  spdlog::logger logger_;
};

// A length of time as the value of a field, in seconds.
[[nodiscard]] double in_seconds(std::chrono::steady_clock::duration span) noexcept;

}  // namespace evh::host
