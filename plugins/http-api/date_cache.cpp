#include "date_cache.h"

#include <algorithm>
#include <chrono>
#include <string_view>

namespace evh::http_api {
namespace {

constexpr std::string_view kDays = "SunMonTueWedThuFriSat";
constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
constexpr std::time_t kLast = 253402300799;  // 9999-12-31T23:59:59Z

char* write(char* out, std::string_view text) {
  return std::copy(text.begin(), text.end(), out);
}

char* write_number(char* out, unsigned number, int digits) {
  for (int position = digits - 1; position >= 0; --position, number /= 10) {
    out[position] = static_cast<char>('0' + number % 10);
  }
  return out + digits;
}

}  // namespace

std::string_view DateCache::at(std::time_t now) {
  now = std::clamp<std::time_t>(now, 0, kLast);
  if (now != second_) {
    using namespace std::chrono;
    const sys_seconds time{seconds{now}};
    const sys_days day = floor<days>(time);
    const year_month_day date{day};
    const hh_mm_ss clock{time - day};
    char* out = text_.data();
    out = write(out, kDays.substr(3 * weekday{day}.c_encoding(), 3));
    out = write(out, ", ");
    out = write_number(out, static_cast<unsigned>(date.day()), 2);
    out = write(out, " ");
    out = write(out, kMonths.substr(3 * (static_cast<unsigned>(date.month()) - 1), 3));
    out = write(out, " ");
    out = write_number(out, static_cast<unsigned>(static_cast<int>(date.year())), 4);
    out = write(out, " ");
    out = write_number(out, static_cast<unsigned>(clock.hours().count()), 2);
    out = write(out, ":");
    out = write_number(out, static_cast<unsigned>(clock.minutes().count()), 2);
    out = write(out, ":");
    out = write_number(out, static_cast<unsigned>(clock.seconds().count()), 2);
    write(out, " GMT");
    second_ = now;
  }
  return {text_.data(), text_.size()};
}

}  // namespace evh::http_api
