// What the text of a setting means. The one reading that the host, the test host and the documentation share.
#pragma once

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "evh/setting.h"

namespace evh {

// A setting's value, in the field that its type uses.
struct SettingValue {
  std::string text;               // EVH_TEXT, EVH_CHOICE
  std::int64_t integer = 0;       // EVH_INTEGER, EVH_BOOLEAN, EVH_DURATION (us), EVH_BYTES
  double number = 0;              // EVH_NUMBER
  std::vector<std::string> list;  // EVH_TEXT_LIST
};

namespace detail {

struct Unit {
  std::string_view name;
  std::int64_t factor;
};
inline constexpr Unit kDurationUnits[] = {{"", 1'000'000},      {"us", 1},         {"ms", 1'000},
                                          {"s", 1'000'000},     {"m", 60'000'000}, {"h", 3'600'000'000},
                                          {"d", 86'400'000'000}};
inline constexpr Unit kByteUnits[] = {
    {"", 1},       {"B", 1},          {"KiB", 1LL << 10},   {"MiB", 1LL << 20}, {"GiB", 1LL << 30},
    {"KB", 1'000}, {"MB", 1'000'000}, {"GB", 1'000'000'000}};

inline std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

inline std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

inline std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size() || text.empty() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

// "1.5h", "10 MiB": a decimal number and one of the units.
template <std::size_t Count>
std::optional<std::int64_t> parse_with_unit(std::string_view text, const Unit (&units)[Count]) {
  const std::size_t number_size = text.find_first_not_of("+-.0123456789");
  const std::string_view number = trimmed(text.substr(0, number_size));
  const std::string_view unit_name =
      number_size == std::string_view::npos ? std::string_view{} : trimmed(text.substr(number_size));
  for (const Unit& unit : units) {
    if (unit.name != unit_name) continue;
    if (const auto whole = parse_integer(number)) {
      std::int64_t product = 0;
      if (__builtin_mul_overflow(*whole, unit.factor, &product)) return std::nullopt;
      return product;
    }
    const auto fraction = parse_number(number);
    if (!fraction) return std::nullopt;
    const double product = *fraction * static_cast<double>(unit.factor);
    if (std::abs(product) > 9e18) return std::nullopt;
    return std::llround(product);
  }
  return std::nullopt;
}

inline std::optional<std::int64_t> parse_boolean(std::string_view text) {
  for (const std::string_view yes : {"true", "yes", "on"}) {
    if (text == yes) return 1;
  }
  for (const std::string_view no : {"false", "no", "off"}) {
    if (text == no) return 0;
  }
  return std::nullopt;
}

inline std::vector<std::string> parse_list(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string_view item = trimmed(text.substr(0, comma));
    if (!item.empty()) items.emplace_back(item);
    text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
  }
  return items;
}

inline bool is_word_of(std::string_view word, std::string_view words) {
  while (true) {
    const std::size_t bar = words.find('|');
    if (words.substr(0, bar) == word) return true;
    if (bar == std::string_view::npos) return false;
    words.remove_prefix(bar + 1);
  }
}

inline std::optional<std::int64_t> parse_whole(std::int32_t type, std::string_view text) {
  switch (type) {
    case EVH_INTEGER:
      return parse_integer(text);
    case EVH_BOOLEAN:
      return parse_boolean(text);
    case EVH_DURATION:
      return parse_with_unit(text, kDurationUnits);
    case EVH_BYTES:
      return parse_with_unit(text, kByteUnits);
    default:
      return std::nullopt;
  }
}

}  // namespace detail

// What a value of the type looks like, for messages: "a duration such as 500ms, 10s or 5m".
inline std::string_view describe_type(std::int32_t type) {
  switch (type) {
    case EVH_TEXT:
      return "a text";
    case EVH_INTEGER:
      return "an integer";
    case EVH_NUMBER:
      return "a number";
    case EVH_BOOLEAN:
      return "true or false";
    case EVH_DURATION:
      return "a duration such as 500ms, 10s or 5m";
    case EVH_BYTES:
      return "a size such as 512, 64KiB or 1MiB";
    case EVH_TEXT_LIST:
      return "a list of texts";
    case EVH_CHOICE:
      return "one of a few words";
    default:
      return "of a type that this host does not know";
  }
}

// Reads `text` as the setting's type and checks its bounds. When it fails, `problem` says why in words that follow the
// setting's name: "must be an integer, got 'x'". The value of a secret never shows in `problem`.
inline std::optional<SettingValue> parse_setting(const evh_setting& setting, std::string_view text,
                                                 std::string& problem) {
  const std::string got =
      (setting.flags & EVH_SETTING_SECRET) != 0 ? ", got a secret that is not" : ", got '" + std::string(text) + "'";
  SettingValue value;
  switch (setting.type) {
    case EVH_TEXT:
      value.text = text;
      return value;
    case EVH_TEXT_LIST:
      value.list = detail::parse_list(text);
      return value;
    case EVH_CHOICE: {
      const std::string_view words = setting.max == nullptr ? std::string_view{} : std::string_view(setting.max);
      if (!detail::is_word_of(text, words)) {
        problem = "must be one of " + std::string(words) + got;
        return std::nullopt;
      }
      value.text = text;
      return value;
    }
    case EVH_NUMBER: {
      const auto number = detail::parse_number(detail::trimmed(text));
      const auto min = setting.min == nullptr ? std::nullopt : detail::parse_number(setting.min);
      const auto max = setting.max == nullptr ? std::nullopt : detail::parse_number(setting.max);
      if (!number) {
        problem = "must be a number" + got;
      } else if (min && *number < *min) {
        problem = std::string("must be at least ") + setting.min + got;
      } else if (max && *number > *max) {
        problem = std::string("must be at most ") + setting.max + got;
      } else {
        value.number = *number;
        return value;
      }
      return std::nullopt;
    }
    default: {
      const auto whole = detail::parse_whole(setting.type, detail::trimmed(text));
      const auto min = setting.min == nullptr ? std::nullopt : detail::parse_whole(setting.type, setting.min);
      const auto max = setting.max == nullptr ? std::nullopt : detail::parse_whole(setting.type, setting.max);
      if (!whole) {
        problem = "must be " + std::string(describe_type(setting.type)) + got;
      } else if (min && *whole < *min) {
        problem = std::string("must be at least ") + setting.min + got;
      } else if (max && *whole > *max) {
        problem = std::string("must be at most ") + setting.max + got;
      } else {
        value.integer = *whole;
        return value;
      }
      return std::nullopt;
    }
  }
}

}  // namespace evh
