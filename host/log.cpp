#include "log.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "evh/text.hpp"
#include "log_line.h"

namespace evh::host {
namespace {

using std::chrono::system_clock;

std::int32_t known_level(std::int32_t level) noexcept {
  return std::clamp<std::int32_t>(level, EVH_LOG_DEBUG, EVH_LOG_ERROR);
}

spdlog::level::level_enum spdlog_level(std::int32_t level) noexcept {
  static_assert(EVH_LOG_DEBUG == static_cast<int>(spdlog::level::debug));
  static_assert(EVH_LOG_INFO == static_cast<int>(spdlog::level::info));
  static_assert(EVH_LOG_WARN == static_cast<int>(spdlog::level::warn));
  static_assert(EVH_LOG_ERROR == static_cast<int>(spdlog::level::err));
  return static_cast<spdlog::level::level_enum>(known_level(level));
}

// Of a thread, so that a line costs no allocation, and no lock while it is built.
std::span<char> room_of_thread() noexcept {
  thread_local std::array<char, kLongestLine> room;
  return room;
}

}  // namespace

Log::Log(int descriptor, std::int32_t level, Secrets secrets)
    : secrets_(std::move(secrets)), sink_(std::make_shared<LogSink>(descriptor)), logger_("", sink_) {
  logger_.set_level(spdlog_level(level));
  logger_.flush_on(spdlog::level::warn);
}

bool Log::writes(std::int32_t level) const noexcept {
  return logger_.should_log(spdlog_level(level));
}

std::string_view Log::build(system_clock::time_point at, std::int32_t level, std::string_view plugin,
                            std::string_view message, std::span<const evh_log_field> fields) const noexcept {
  std::string storage, key_storage;
  const auto microseconds = std::chrono::floor<std::chrono::microseconds>(at).time_since_epoch().count();
  LogLine line(room_of_thread(), microseconds, known_level(level), secrets_.masked(message, storage), plugin);
  for (const evh_log_field& field : fields.first(std::min(fields.size(), kMostFields))) {
    line.add(secrets_.masked(view(field.key), key_storage), secrets_.masked(view(field.value), storage), field.kind);
  }
  return line.finish();
}

void Log::write(std::int32_t level, std::string_view plugin, std::string_view message,
                std::span<const evh_log_field> fields) noexcept {
  if (!writes(level)) return;
  const auto now = system_clock::now();
  const std::string_view line = build(now, level, plugin, message, fields);
  logger_.log(now, spdlog::source_loc{}, spdlog_level(level), spdlog::string_view_t(line.data(), line.size()));
}

void Log::info(std::string_view plugin, std::string_view message, std::initializer_list<Field> fields) noexcept {
  write(EVH_LOG_INFO, plugin, message, RawFields(fields).all());
}

void Log::warn(std::string_view plugin, std::string_view message, std::initializer_list<Field> fields) noexcept {
  write(EVH_LOG_WARN, plugin, message, RawFields(fields).all());
}

void Log::error(std::string_view plugin, std::string_view message, std::initializer_list<Field> fields) noexcept {
  write(EVH_LOG_ERROR, plugin, message, RawFields(fields).all());
}

void Log::flush() noexcept {
  logger_.flush();
}

void Log::write_last(std::string_view plugin, std::string_view message, std::initializer_list<Field> fields,
                     std::chrono::milliseconds patience) noexcept {
  sink_->write_last(build(system_clock::now(), EVH_LOG_ERROR, plugin, message, RawFields(fields).all()), patience);
}

double in_seconds(std::chrono::steady_clock::duration span) noexcept {
  return static_cast<double>(std::chrono::duration_cast<std::chrono::microseconds>(span).count()) / 1e6;
}

}  // namespace evh::host
