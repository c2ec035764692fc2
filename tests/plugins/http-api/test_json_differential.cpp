// Random JSON, whole and damaged, against nlohmann::json as the oracle.
#include <gtest/gtest.h>

#include <array>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "event_parser.h"
#include "json_oracle.h"
#include "json_scanner.h"
#include "random_seed.h"
#include "utf8.h"

namespace evh::http_api {
namespace {

class JsonWriter {
 public:
  explicit JsonWriter(std::mt19937_64& random) : random_(random) {}

  std::string body() {
    out_.clear();
    space();
    if (one_in(8)) {
      value(4);
    } else {
      event();
    }
    space();
    return out_;
  }

  // Up to three small damages, or none.
  std::string damaged(std::string text) {
    for (std::size_t left = below(4); left > 0; --left) damage(text);
    return text;
  }

 private:
  std::size_t below(std::size_t bound) { return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random_); }
  bool one_in(std::size_t n) { return below(n) == 0; }

  template <std::size_t Size>
  const char* pick(const std::array<const char*, Size>& from) {
    return from[below(Size)];
  }

  void space() {
    while (one_in(4)) out_ += pick(std::array{" ", "\n", "\t", "\r", "  "});
  }

  void event() {
    out_ += '{';
    for (std::size_t i = 0, count = below(8); i < count; ++i) {
      if (i > 0) out_ += ',';
      space();
      member(below(4));
      space();
    }
    out_ += '}';
  }

  // Mostly of the type that it should have.
  void member(std::size_t which) {
    switch (which) {
      case 0:
        out_ += pick(std::array{R"("user_id")", R"("user_id")", R"("us\u0065r_id")"});
        break;
      case 1:
        out_ += pick(std::array{R"("action")", R"("action")", R"("actio\u006E")"});
        break;
      case 2:
        out_ += R"("metadata")";
        break;
      default:
        out_ += pick(std::array{R"("other")", R"("User_id")", R"("")", R"("metadata\u0000")"});
        break;
    }
    space();
    out_ += ':';
    space();
    if (which == 3 || one_in(8)) {
      value(3);
    } else if (which == 0) {
      out_ += one_in(8) ? std::string(pick(kNumbers)) : std::to_string(random_() >> (1 + below(63)));
    } else if (which == 1) {
      string();
    } else {
      object(3);
    }
  }

  void value(int depth) {
    switch (below(depth > 0 ? 6 : 4)) {
      case 0:
        out_ += pick(kNumbers);
        break;
      case 1:
        out_ += std::to_string(static_cast<std::int64_t>(random_()));
        break;
      case 2:
        out_ += pick(std::array{"true", "false", "null"});
        break;
      case 3:
        string();
        break;
      case 4:
        array(depth);
        break;
      default:
        object(depth);
        break;
    }
  }

  void array(int depth) {
    out_ += '[';
    for (std::size_t i = 0, count = below(4); i < count; ++i) {
      if (i > 0) out_ += ',';
      space();
      value(depth - 1);
      space();
    }
    out_ += ']';
  }

  void object(int depth) {
    out_ += '{';
    space();
    for (std::size_t i = 0, count = below(4); i < count; ++i) {
      if (i > 0) out_ += ',';
      string();
      out_ += ':';
      value(depth - 1);
      space();
    }
    out_ += '}';
  }

  void string() {
    out_ += '"';
    while (!one_in(4)) {
      out_ += pick(std::array{"a", "login", "0123456789abcdef", "é", "€", "😀", R"(\n)", R"(\")", R"(\\)", R"(\/)",
                              R"(\u0000)", R"(\u00e9)", R"(\ud83d\ude00)", R"(\ud800)", R"(\udfff)", R"(\ue123)", " ",
                              "\x7F"});
    }
    out_ += '"';
  }

  void damage(std::string& text) {
    const std::size_t at = below(text.size() + 1);
    switch (below(5)) {
      case 0:
        text.insert(at, pick(kTokens));
        break;
      case 1:
        text.insert(at, 1, static_cast<char>(below(256)));
        break;
      case 2:
        text.erase(at, 1 + below(3));
        break;
      case 3:
        text.resize(at);
        break;
      default:
        if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
        break;
    }
  }

  static constexpr std::array kNumbers = {"0",
                                          "-0",
                                          "1",
                                          "7",
                                          "123",
                                          "-5",
                                          "1.0",
                                          "1e3",
                                          "0.5",
                                          "-1.25E-7",
                                          "9223372036854775807",
                                          "9223372036854775808",
                                          "-9223372036854775808",
                                          "-9223372036854775809",
                                          "123456789012345678901234567890",
                                          "1e400",
                                          "1E+0"};
  static constexpr std::array kTokens = {"{",
                                         "}",
                                         "[",
                                         "]",
                                         ":",
                                         ",",
                                         "\"",
                                         "\\",
                                         "\\u",
                                         "\\ud8",
                                         "true",
                                         "fa",
                                         "-",
                                         "1",
                                         "0",
                                         ".",
                                         "e",
                                         "E+",
                                         " ",
                                         "\n",
                                         "\xC3",
                                         "\xED\xA0\x80",
                                         "é",
                                         "{}",
                                         "[],",
                                         "\"a\"",
                                         "\xEF\xBB\xBF",
                                         "null",
                                         "//"};

  std::mt19937_64& random_;
  std::string out_;
};

// What is left of a text up to where it is wrong must be the beginning of some JSON.
void expect_viable_prefix(std::string_view text, const JsonScanner& scanner) {
  ASSERT_LE(scanner.error_offset(), text.size());
  JsonScanner prefix(text.substr(0, scanner.error_offset()));
  JsonMember member;
  while (prefix.next_member(member)) {
  }
  if (prefix.failed()) {
    ASSERT_EQ(prefix.error_message(), "unexpected end of JSON input") << text;
  }
}

TEST(JsonDifferential, AgreesWithNlohmannOnWhatIsJson) {
  auto random = test::seeded_generator();
  JsonWriter writer(random);
  std::size_t accepted = 0;
  constexpr std::size_t kTexts = 200'000;
  for (std::size_t i = 0; i < kTexts; ++i) {
    const std::string text = writer.damaged(writer.body());
    JsonScanner scanner(text);
    JsonMember member;
    while (scanner.next_member(member)) {
      ASSERT_TRUE(!scanner.failed() && member.value.data() >= text.data() &&
                  member.value.data() + member.value.size() <= text.data() + text.size());
      ASSERT_TRUE(find_invalid_utf8(member.value) != std::string_view::npos || test::oracle_accepts(member.value))
          << text << "\nmember: " << member.value;
    }
    const bool ours = !scanner.failed() && find_invalid_utf8(text) == std::string_view::npos;
    ASSERT_EQ(ours, test::oracle_accepts(text)) << text;
    if (scanner.failed()) {
      expect_viable_prefix(text, scanner);
    }
    accepted += ours ? 1 : 0;
  }
  // Else the test would prove nothing.
  EXPECT_GT(accepted, kTexts / 10);
  EXPECT_LT(accepted, kTexts * 9 / 10);
}

void expect_same_event(const std::string& text, const ParsedEvent& event) {
  const auto document = nlohmann::json::parse(text);
  ASSERT_TRUE(document.at("user_id").is_number_integer()) << text;
  ASSERT_EQ(document.at("user_id").get<std::int64_t>(), event.user_id) << text;
  ASSERT_EQ(document.at("action").get<std::string>(), event.action()) << text;
  const auto metadata = document.find("metadata");
  const bool given = metadata != document.end() && !metadata->is_null();
  ASSERT_EQ(nlohmann::json::parse(event.metadata), given ? *metadata : nlohmann::json::object()) << text;
}

TEST(JsonDifferential, ReadsTheSameEventAsNlohmann) {
  auto random = test::seeded_generator();
  JsonWriter writer(random);
  std::size_t events = 0;
  std::size_t compared = 0;
  ParsedEvent event;
  for (std::size_t i = 0; i < 200'000; ++i) {
    const std::string text = writer.body();
    const auto error = parse_event(text, event);
    if (error) {
      ASSERT_EQ(error->status, 400);
      ASSERT_TRUE(nlohmann::json::accept(to_json(*error)));
      continue;
    }
    ++events;
    if (!nlohmann::json::accept(text)) continue;  // lone surrogates, numbers that overflow
    expect_same_event(text, event);
    ++compared;
  }
  EXPECT_GT(events, 10'000U);
  EXPECT_GT(compared, 5'000U);
}

}  // namespace
}  // namespace evh::http_api
