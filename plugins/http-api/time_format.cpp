#include "time_format.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>

#include "percent_encoding.h"

namespace evh::http_api {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// Reads a text from the left. Every function either takes what it reads and returns it, or takes nothing.
class Reader {
 public:
  explicit Reader(std::string_view text) noexcept : rest_(text) {}

  bool at_end() const noexcept { return rest_.empty(); }

  std::optional<int> number(std::size_t digits) noexcept {
    if (rest_.size() < digits) return std::nullopt;
    int value = 0;
    for (const char c : rest_.substr(0, digits)) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }

  std::optional<int> number_up_to(std::size_t digits, int bound) noexcept {
    const auto value = number(digits);
    return value && *value <= bound ? value : std::nullopt;
  }

  // One character out of `any`.
  std::optional<char> take(std::string_view any) noexcept {
    if (rest_.empty() || any.find(rest_[0]) == std::string_view::npos) return std::nullopt;
    const char taken = rest_[0];
    rest_.remove_prefix(1);
    return taken;
  }

 private:
  std::string_view rest_;
};

std::optional<std::chrono::sys_days> read_date(Reader& reader) noexcept {
  const auto year = reader.number(4);
  if (!year || *year == 0 || !reader.take("-")) return std::nullopt;
  const auto month = reader.number(2);
  if (!month || !reader.take("-")) return std::nullopt;
  const auto day = reader.number(2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

// At least one digit; those past the sixth are cut off.
std::optional<microseconds> read_fraction(Reader& reader) noexcept {
  auto digit = reader.number(1);
  if (!digit) return std::nullopt;
  std::int64_t value = 0;
  for (std::int64_t unit = 100'000; digit; unit /= 10, digit = reader.number(1)) value += *digit * unit;
  return microseconds(value);
}

std::optional<microseconds> read_time_of_day(Reader& reader) noexcept {
  const auto hour = reader.number_up_to(2, 23);
  if (!hour || !reader.take(":")) return std::nullopt;
  const auto minute = reader.number_up_to(2, 59);
  if (!minute) return std::nullopt;
  const auto time = hours(*hour) + minutes(*minute);
  if (!reader.take(":")) return time;
  const auto second = reader.number_up_to(2, 59);
  if (!second) return std::nullopt;
  if (!reader.take(".")) return time + seconds(*second);
  const auto fraction = read_fraction(reader);
  if (!fraction) return std::nullopt;
  return time + seconds(*second) + *fraction;
}

std::optional<minutes> read_offset(Reader& reader) noexcept {
  if (reader.at_end() || reader.take("Zz")) return minutes(0);
  const auto sign = reader.take("+- ");
  if (!sign) return std::nullopt;
  const auto hour = reader.number_up_to(2, 23);
  if (!hour || !reader.take(":")) return std::nullopt;
  const auto minute = reader.number_up_to(2, 59);
  if (!minute) return std::nullopt;
  const minutes offset = hours(*hour) + minutes(*minute);
  return *sign == '-' ? -offset : offset;
}

char* put_two_digits(char* at, unsigned value) noexcept {
  *at++ = static_cast<char>('0' + value / 10);
  *at++ = static_cast<char>('0' + value % 10);
  return at;
}

// Nothing for 0, else `.` and the digits without trailing zeros.
char* put_fraction(char* at, unsigned micros) noexcept {
  if (micros == 0) return at;
  *at++ = '.';
  for (unsigned unit = 100'000; micros != 0; unit /= 10) {
    *at++ = static_cast<char>('0' + micros / unit);
    micros %= unit;
  }
  return at;
}

}  // namespace

std::optional<evh_time> parse_time(std::string_view text) noexcept {
  Reader reader(text);
  const auto date = read_date(reader);
  if (!date) return std::nullopt;
  microseconds time = date->time_since_epoch();
  if (!reader.at_end()) {
    if (!reader.take("Tt ")) return std::nullopt;
    const auto time_of_day = read_time_of_day(reader);
    if (!time_of_day) return std::nullopt;
    const auto offset = read_offset(reader);
    if (!offset || !reader.at_end()) return std::nullopt;
    time += *time_of_day - *offset;
  }
  if (time.count() < kFirstTime || time.count() > kLastTime) return std::nullopt;
  return time.count();
}

std::optional<evh_time> parse_time_parameter(std::string_view value) {
  constexpr int kMoreDecodings = 2;
  auto time = parse_time(value);
  std::string decoded(value);
  for (int i = 0; i < kMoreDecodings && !time && decoded.find_first_of("%+") != std::string::npos; ++i) {
    auto next = decode_form(decoded);
    if (!next) return std::nullopt;
    decoded = std::move(*next);
    time = parse_time(decoded);
  }
  return time;
}

std::string_view format_time(evh_time time, std::span<char, kTimeTextSize> buffer) noexcept {
  const microseconds since_epoch(std::clamp(time, kFirstTime, kLastTime));
  const auto day = std::chrono::floor<days>(since_epoch);
  const std::chrono::year_month_day date{std::chrono::sys_days(day)};
  const auto in_day = static_cast<std::uint64_t>((since_epoch - day).count());
  const auto second = static_cast<unsigned>(in_day / 1'000'000);
  const auto year = static_cast<unsigned>(static_cast<int>(date.year()));

  char* at = buffer.data();
  at = put_two_digits(at, year / 100);
  at = put_two_digits(at, year % 100);
  *at++ = '-';
  at = put_two_digits(at, static_cast<unsigned>(date.month()));
  *at++ = '-';
  at = put_two_digits(at, static_cast<unsigned>(date.day()));
  *at++ = 'T';
  at = put_two_digits(at, second / 3600);
  *at++ = ':';
  at = put_two_digits(at, second / 60 % 60);
  *at++ = ':';
  at = put_two_digits(at, second % 60);
  at = put_fraction(at, static_cast<unsigned>(in_day % 1'000'000));
  *at++ = 'Z';
  return {buffer.data(), static_cast<std::size_t>(at - buffer.data())};
}

}  // namespace evh::http_api
