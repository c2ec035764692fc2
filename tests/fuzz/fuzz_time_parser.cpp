// Whatever is read as a time is written in one form that is read as the same time.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "require.h"
#include "time_format.h"

namespace {

using namespace evh::http_api;

void come_back(evh_time time) {
  std::array<char, kTimeTextSize> buffer;
  const std::string_view text = format_time(time, buffer);
  EVH_REQUIRE(text.size() >= std::string_view("2006-01-02T15:04:05Z").size() && text.back() == 'Z');
  EVH_REQUIRE(parse_time(text) == time);
  EVH_REQUIRE(parse_time_parameter(text) == time);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto plain = parse_time(text);
  const auto parameter = parse_time_parameter(text);
  if (plain) EVH_REQUIRE(parameter == plain);
  if (parameter) {
    EVH_REQUIRE(*parameter >= kFirstTime && *parameter <= kLastTime);
    come_back(*parameter);
  }
  if (size >= sizeof(evh_time)) {
    evh_time any = 0;
    std::memcpy(&any, data, sizeof any);
    std::array<char, kTimeTextSize> buffer;
    EVH_REQUIRE(parse_time(format_time(any, buffer)).has_value());
    if (any >= kFirstTime && any <= kLastTime) come_back(any);
  }
  return 0;
}
