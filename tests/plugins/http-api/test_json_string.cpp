#include "json_string.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "api_error.h"
#include "quote.h"
#include "random_seed.h"
#include "utf8.h"

namespace evh::http_api {
namespace {

using namespace std::string_literals;

std::string written(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

std::string decoded(std::string_view between_quotes) {
  std::string out = "old";
  decode_json_string(between_quotes, out);
  return out;
}

TEST(JsonString, EscapesWhatJsonDemandsAndNothingElse) {
  EXPECT_EQ(written(""), R"("")");
  EXPECT_EQ(written("login"), R"("login")");
  EXPECT_EQ(written("a\"b\\c/d"), R"("a\"b\\c/d")");
  EXPECT_EQ(written("\b\f\n\r\t"), R"("\b\f\n\r\t")");
  EXPECT_EQ(written("\0\x01\x1F\x7F"s), "\"\\u0000\\u0001\\u001f\x7F\"");
  EXPECT_EQ(written("é€😀"), "\"é€😀\"");
}

TEST(JsonString, ReplacesEveryByteThatIsNotUtf8) {
  EXPECT_EQ(written("a\xFF"
                    "b"),
            "\"a\uFFFDb\"");
  EXPECT_EQ(written("\xC3"), "\"\uFFFD\"");
  EXPECT_EQ(written("\xE2\x82"), "\"\uFFFD\uFFFD\"");
  EXPECT_EQ(written("\xED\xA0\x80"), "\"\uFFFD\uFFFD\uFFFD\"");
  EXPECT_EQ(written("\xC0\x80"), "\"\uFFFD\uFFFD\"");
  EXPECT_EQ(written("\xF4\x90\x80\x80é"), "\"\uFFFD\uFFFD\uFFFD\uFFFDé\"");
}

TEST(JsonString, IsValidJsonWithTheSameTextForRandomBytes) {
  auto random = test::seeded_generator();
  for (int i = 0; i < 50'000; ++i) {
    std::string text(random() % 24, '\0');
    for (char& c : text) c = static_cast<char>(random() % (i % 2 == 0 ? 128 : 256));
    const auto parsed = nlohmann::json::parse(written(text));
    if (find_invalid_utf8(text) == std::string_view::npos) {
      ASSERT_EQ(parsed.get<std::string>(), text);
    }
  }
}

TEST(JsonString, DecodesEscapes) {
  EXPECT_EQ(decoded(""), "");
  EXPECT_EQ(decoded("login"), "login");
  EXPECT_EQ(decoded(R"(a\"b\\c\/d)"), "a\"b\\c/d");
  EXPECT_EQ(decoded(R"(\b\f\n\r\t)"), "\b\f\n\r\t");
  EXPECT_EQ(decoded(R"(\u0041\u00e9\u20AC\uFfFf)"), "Aé€\uFFFF");
  EXPECT_EQ(decoded(R"(x\u0000y)"), "x\0y"s);
  EXPECT_EQ(decoded(R"(\\u0041)"), R"(\u0041)");
}

TEST(JsonString, JoinsSurrogatesAndReplacesLoneOnesAsGoDoes) {
  EXPECT_EQ(decoded(R"(\ud83d\ude00)"), "😀");
  EXPECT_EQ(decoded(R"(\uDBFF\uDFFF)"), "\U0010FFFF");
  EXPECT_EQ(decoded(R"(\ud800)"), "\uFFFD");
  EXPECT_EQ(decoded(R"(\udc00x)"), "\uFFFDx");
  EXPECT_EQ(decoded(R"(\ud800\u0041)"), "\uFFFDA");
  EXPECT_EQ(decoded(R"(\ud800\n)"), "\uFFFD\n");
  EXPECT_EQ(decoded(R"(\ud800\ud800\udc00)"), "\uFFFD\U00010000");
  EXPECT_EQ(decoded(R"(\udc00\ud800)"), "\uFFFD\uFFFD");
}

TEST(Utf8, NamesTheFirstByteThatIsWrong) {
  EXPECT_EQ(find_invalid_utf8(""), std::string_view::npos);
  EXPECT_EQ(find_invalid_utf8("aé€😀"), std::string_view::npos);
  EXPECT_EQ(find_invalid_utf8("aé\xFF"), 3U);
  EXPECT_EQ(find_invalid_utf8("a\xE2\x82"), 1U);
  EXPECT_EQ(find_invalid_utf8(std::string(1000, 'a') + "\xC3"), 1000U);
}

TEST(Utf8, WritesWhatItReads) {
  for (char32_t code_point = 0; code_point <= 0x10FFFF; code_point += 7) {
    if (code_point >= 0xD800 && code_point <= 0xDFFF) continue;
    std::string text;
    append_utf8(text, code_point);
    ASSERT_EQ(utf8_sequence_length(text), text.size()) << static_cast<std::uint32_t>(code_point);
  }
}

TEST(QuoteText, EscapesWhatWouldHideInAnError) {
  EXPECT_EQ(quote_text("abc"), R"("abc")");
  EXPECT_EQ(quote_text(""), R"("")");
  EXPECT_EQ(quote_text("a\"b\\c\n\x01\x7F"), R"("a\"b\\c\n\x01\x7f")");
  EXPECT_EQ(quote_text("é\0"s), R"("é\x00")");
}

TEST(QuoteText, CutsLongTextBetweenCharacters) {
  EXPECT_EQ(quote_text(std::string(kQuotedBytes, 'a')), "\"" + std::string(kQuotedBytes, 'a') + "\"");
  EXPECT_EQ(quote_text(std::string(kQuotedBytes + 1, 'a')), "\"" + std::string(kQuotedBytes, 'a') + "...\"");
  EXPECT_EQ(quote_text(std::string(kQuotedBytes - 1, 'a') + "é"), "\"" + std::string(kQuotedBytes - 1, 'a') + "...\"");
  EXPECT_EQ(quote_text(std::string(kQuotedBytes - 2, 'a') + "éb"),
            "\"" + std::string(kQuotedBytes - 2, 'a') + "é...\"");
}

TEST(ApiError, IsWrittenWithItsDetailsIfItHasAny) {
  EXPECT_EQ(to_json({400, "invalid request", "unexpected end of JSON input"}),
            R"({"error":"invalid request","details":"unexpected end of JSON input"})");
  EXPECT_EQ(to_json({500, "failed to insert event", ""}), R"({"error":"failed to insert event"})");
}

TEST(ApiError, IsValidJsonWhateverItTellsOf) {
  const auto parsed = nlohmann::json::parse(to_json({400, "a\"b", "\xFF\0\n"s}));
  EXPECT_EQ(parsed.at("error"), "a\"b");
  EXPECT_EQ(parsed.at("details"), "\uFFFD\0\n"s);
}

}  // namespace
}  // namespace evh::http_api
