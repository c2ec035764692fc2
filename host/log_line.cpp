#include "log_line.h"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "json_text.h"

namespace evh::host {
namespace {

constexpr std::string_view kEnd = "}";
constexpr std::string_view kCutEnd = ",\"cut\":true}";
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

void write_digits(char* out, std::size_t count, std::uint64_t number) noexcept {
  for (std::size_t i = count; i-- > 0; number /= 10) out[i] = static_cast<char>('0' + number % 10);
}

bool is_taken(std::string_view key) noexcept {
  return key == "time" || key == "level" || key == "msg" || key == "plugin" || key == "cut";
}

}  // namespace

void write_timestamp(evh_time at, char* out) noexcept {
  using namespace std::chrono;
  const sys_time<microseconds> time{microseconds{at}};
  const auto second = floor<seconds>(time);
  // Most lines of a thread fall into the second of the one before.
  thread_local sys_seconds known_second{seconds{-1}};
  thread_local char known[kTimestampSize + 1] = "0000-00-00T00:00:00.000000Z";
  if (second != known_second) {
    const auto day = floor<days>(second);
    const year_month_day date{day};
    const hh_mm_ss clock{second - day};
    write_digits(known, 4, static_cast<std::uint64_t>(std::max(0, static_cast<int>(date.year()))));
    write_digits(known + 5, 2, static_cast<unsigned>(date.month()));
    write_digits(known + 8, 2, static_cast<unsigned>(date.day()));
    write_digits(known + 11, 2, static_cast<std::uint64_t>(clock.hours().count()));
    write_digits(known + 14, 2, static_cast<std::uint64_t>(clock.minutes().count()));
    write_digits(known + 17, 2, static_cast<std::uint64_t>(clock.seconds().count()));
    known_second = second;
  }
  std::memcpy(out, known, kTimestampSize);
  write_digits(out + 20, 6, static_cast<std::uint64_t>((time - second).count()));
}

std::string_view level_name(std::int32_t level) noexcept {
  if (level <= EVH_LOG_DEBUG) return "debug";
  if (level == EVH_LOG_INFO) return "info";
  if (level == EVH_LOG_WARN) return "warn";
  return "error";
}

LogLine::LogLine(std::span<char> room, evh_time at, std::int32_t level, std::string_view message,
                 std::string_view plugin) noexcept
    : room_(room) {
  put("{\"time\":\"");
  write_timestamp(at, room_.data() + size_);
  size_ += kTimestampSize;
  put("\",\"level\":\"");
  put(level_name(level));
  put("\",\"msg\":\"");
  constexpr std::size_t kPluginFrame = std::string_view(",\"plugin\":\"\"").size() + kEllipsis.size();
  put_text(message, kCutEnd.size() + kPluginFrame + std::min<std::size_t>(plugin.size(), 64));
  if (plugin.empty()) return;
  put(",\"plugin\":\"");
  put_text(plugin, kCutEnd.size());
}

void LogLine::put(std::string_view text) noexcept {
  std::memcpy(room_.data() + size_, text.data(), text.size());
  size_ += text.size();
}

// The inside of a string and its closing quote; leaves `reserve` bytes of the room.
void LogLine::put_text(std::string_view text, std::size_t reserve) noexcept {
  const std::size_t kept = reserve + kEllipsis.size() + 1;
  const Escaped escaped = escape_json(text, room_.subspan(size_, left() > kept ? left() - kept : 0));
  size_ += escaped.written;
  if (escaped.read < text.size()) {
    put(kEllipsis);
    is_cut_ = true;
  }
  put("\"");
}

void LogLine::add(std::string_view key, std::string_view value, std::int32_t kind) noexcept {
  constexpr std::size_t kPunctuation = 6;  // ,"_":"
  constexpr std::size_t kGrowth = 6;       // the most bytes that one escaped byte takes
  if (is_cut_) return;
  const bool is_literal = kind == EVH_FIELD_JSON && is_json_literal(value);
  const std::size_t most = kPunctuation + key.size() * kGrowth + (is_literal ? value.size() : 2 * kEllipsis.size() + 1);
  if (left() < most + kCutEnd.size()) {
    is_cut_ = true;
    return;
  }
  put(",\"");
  size_ += escape_json(key, room_.subspan(size_)).written;
  put(is_taken(key) ? "_\":" : "\":");
  if (is_literal) {
    put(value);
    return;
  }
  put("\"");
  put_text(value, kCutEnd.size());
}

std::string_view LogLine::finish() noexcept {
  put(is_cut_ ? kCutEnd : kEnd);
  return {room_.data(), size_};
}

}  // namespace evh::host
