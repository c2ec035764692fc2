#include "evh/testkit/canonical_json.h"

#include <algorithm>
#include <cstdint>
#include <map>

#include "evh/utf8.hpp"

namespace evh::testkit {
namespace {

constexpr std::size_t kDeepest = 1000;
// Exponents are cut here: beyond it, numbers that differ are not told apart.
constexpr std::int64_t kLargestExponent = 1'000'000'000'000;

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

// Thrown at the first byte that is no JSON; never leaves this file.
struct NotJson {};

void append_utf8(std::string& out, std::uint32_t point) {
  const auto add = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (point < 0x80) {
    add(point);
  } else if (point < 0x800) {
    add(0xC0 | (point >> 6));
    add(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    add(0xE0 | (point >> 12));
    add(0x80 | ((point >> 6) & 0x3F));
    add(0x80 | (point & 0x3F));
  } else {
    add(0xF0 | (point >> 18));
    add(0x80 | ((point >> 12) & 0x3F));
    add(0x80 | ((point >> 6) & 0x3F));
    add(0x80 | (point & 0x3F));
  }
}

void append_escape(std::string& out, std::uint32_t unit) {
  constexpr const char* kHex = "0123456789abcdef";
  out += "\\u";
  for (const unsigned shift : {12U, 8U, 4U, 0U}) out.push_back(kHex[(unit >> shift) & 0xFU]);
}

// A character inside a canonical string. Half of a surrogate pair stands for itself.
void append_character(std::string& out, std::uint32_t point) {
  if (point < 0x20 || (point >= 0xD800 && point < 0xE000)) {
    append_escape(out, point);
  } else {
    if (point == '"' || point == '\\') out.push_back('\\');
    append_utf8(out, point);
  }
}

class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  std::string document() {
    std::string value = this->value(0);
    skip_space();
    if (!rest_.empty()) throw NotJson{};
    return value;
  }

 private:
  std::string value(std::size_t depth) {
    skip_space();
    switch (peek()) {
      case '{':
        return object(depth + 1);
      case '[':
        return array(depth + 1);
      case '"':
        return string();
      case 't':
        return word("true");
      case 'f':
        return word("false");
      case 'n':
        return word("null");
      default:
        return number();
    }
  }

  std::string object(std::size_t depth) {
    std::map<std::string, std::string> members;
    list('{', '}', depth, [&] {
      skip_space();
      std::string key = string();
      skip_space();
      expect(':');
      members.insert_or_assign(std::move(key), value(depth));
    });
    std::string out = "{";
    for (const auto& [key, member] : members) {
      if (out.size() > 1) out.push_back(',');
      out.append(key).append(":").append(member);
    }
    return out += '}';
  }

  std::string array(std::size_t depth) {
    std::string out = "[";
    list('[', ']', depth, [&] {
      if (out.size() > 1) out.push_back(',');
      out += value(depth);
    });
    return out += ']';
  }

  template <class Item>
  void list(char open, char close, std::size_t depth, const Item& item) {
    if (depth > kDeepest) throw NotJson{};
    expect(open);
    skip_space();
    if (take(close)) return;
    do {
      item();
      skip_space();
    } while (take(','));
    expect(close);
  }

  std::string string() {
    std::string out = "\"";
    expect('"');
    while (!take('"')) {
      const char byte = next();
      if (static_cast<unsigned char>(byte) < 0x20) throw NotJson{};
      if (byte == '\\') {
        append_character(out, escaped());
      } else {
        out.push_back(byte);
      }
    }
    return out += '"';
  }

  std::uint32_t escaped() {
    constexpr std::string_view kLetters = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    const char letter = next();
    if (letter != 'u') {
      const std::size_t at = kLetters.find(letter);
      if (at == std::string_view::npos) throw NotJson{};
      return static_cast<unsigned char>(kMeanings[at]);
    }
    const std::uint32_t high = hex();
    if (high < 0xD800 || high >= 0xDC00 || rest_.substr(0, 2) != "\\u") return high;
    const std::string_view behind_high = rest_;
    rest_.remove_prefix(2);
    const std::uint32_t low = hex();
    if (low >= 0xDC00 && low < 0xE000) return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    rest_ = behind_high;
    return high;
  }

  std::uint32_t hex() {
    std::uint32_t unit = 0;
    for (int count = 0; count < 4; ++count) {
      const char digit = next();
      unit <<= 4;
      if (is_digit(digit)) {
        unit |= static_cast<std::uint32_t>(digit - '0');
      } else if ((digit >= 'a' && digit <= 'f') || (digit >= 'A' && digit <= 'F')) {
        unit |= static_cast<std::uint32_t>((digit | 0x20) - 'a') + 10;
      } else {
        throw NotJson{};
      }
    }
    return unit;
  }

  std::string number() {
    const bool negative = take('-');
    std::string digits;
    if (take('0')) {
      digits = "0";
    } else {
      digits = some_digits();
    }
    std::int64_t exponent = 0;
    if (take('.')) {
      const std::string fraction = some_digits();
      digits += fraction;
      exponent -= static_cast<std::int64_t>(fraction.size());
    }
    if (take('e') || take('E')) exponent += this->exponent();
    return canonical_number(negative, digits, exponent);
  }

  std::int64_t exponent() {
    const bool negative = take('-');
    if (!negative) (void)take('+');
    std::int64_t exponent = 0;
    for (const char digit : some_digits()) exponent = std::min(exponent * 10 + (digit - '0'), kLargestExponent);
    return negative ? -exponent : exponent;
  }

  std::string some_digits() {
    const auto end = std::ranges::find_if_not(rest_, is_digit);
    const std::string digits(rest_.begin(), end);
    if (digits.empty()) throw NotJson{};
    rest_.remove_prefix(digits.size());
    return digits;
  }

  static std::string canonical_number(bool negative, const std::string& digits, std::int64_t exponent) {
    const std::size_t first = digits.find_first_not_of('0');
    if (first == std::string::npos) return "0";
    const std::size_t last = digits.find_last_not_of('0');
    exponent += static_cast<std::int64_t>(digits.size() - 1 - last);
    return (negative ? "-" : "") + digits.substr(first, last - first + 1) + "e" + std::to_string(exponent);
  }

  std::string word(std::string_view expected) {
    if (!rest_.starts_with(expected)) throw NotJson{};
    rest_.remove_prefix(expected.size());
    return std::string(expected);
  }

  void skip_space() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size())); }

  [[nodiscard]] char peek() const {
    if (rest_.empty()) throw NotJson{};
    return rest_.front();
  }

  char next() {
    const char byte = peek();
    rest_.remove_prefix(1);
    return byte;
  }

  bool take(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void expect(char wanted) {
    if (next() != wanted) throw NotJson{};
  }

  std::string_view rest_;
};

}  // namespace

std::optional<std::string> canonical_json(std::string_view text) {
  if (!is_utf8(text)) return std::nullopt;
  try {
    return Parser(text).document();
  } catch (const NotJson&) {
    return std::nullopt;
  }
}

bool is_json_object(std::string_view text) {
  const std::optional<std::string> canonical = canonical_json(text);
  return canonical && canonical->front() == '{';
}

}  // namespace evh::testkit
