#include "cursor.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "random_seed.h"

namespace evh::http_api {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

TEST(Cursor, ComesBackAsItWas) {
  auto random = test::seeded_generator();
  std::vector<Cursor> cursors = {{0, 1, EventOrder::kOldestFirst},
                                 {INT64_MIN, INT64_MAX, EventOrder::kNewestFirst},
                                 {INT64_MAX, 1, EventOrder::kNewestFirst},
                                 {-1, 255, EventOrder::kOldestFirst}};
  for (int i = 0; i < 10'000; ++i) {
    cursors.push_back({static_cast<evh_time>(random()), static_cast<std::int64_t>(random() >> 1 | 1U),
                       random() % 2 == 0 ? EventOrder::kOldestFirst : EventOrder::kNewestFirst});
  }
  for (const Cursor& cursor : cursors) {
    const std::string text = encode_cursor(cursor);
    ASSERT_EQ(text.size(), 28U);
    ASSERT_EQ(text.find_first_not_of(kAlphabet), std::string::npos) << text;
    ASSERT_EQ(decode_cursor(text), cursor) << text;
  }
}

TEST(Cursor, KeepsItsTextFromReleaseToRelease) {
  // A client may hold one across an update.
  EXPECT_EQ(encode_cursor({1'735'734'896'000'000, 42, EventOrder::kOldestFirst}), "EAAGKqRF5nwAAAAAAAAAACpgNB_B");
}

TEST(Cursor, IsRefusedWithAnyOneCharacterChanged) {
  const std::string text = encode_cursor({1'735'734'896'000'000, 42, EventOrder::kNewestFirst});
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (const char c : kAlphabet) {
      std::string changed = text;
      changed[at] = c;
      EXPECT_EQ(decode_cursor(changed).has_value(), c == text[at]) << changed;
    }
  }
}

TEST(Cursor, IsRefusedWithAnyBitFlipped) {
  auto random = test::seeded_generator();
  for (int i = 0; i < 200; ++i) {
    const std::string text = encode_cursor(
        {static_cast<evh_time>(random()), static_cast<std::int64_t>(random() >> 1 | 1U), EventOrder::kOldestFirst});
    for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
      std::string changed = text;
      changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
      ASSERT_EQ(decode_cursor(changed), std::nullopt) << changed;
    }
  }
}

TEST(Cursor, IsRefusedWhenItIsSomethingElse) {
  const std::string text = encode_cursor({0, 1, EventOrder::kOldestFirst});
  EXPECT_EQ(decode_cursor(""), std::nullopt);
  EXPECT_EQ(decode_cursor("abc"), std::nullopt);
  EXPECT_EQ(decode_cursor(text.substr(1)), std::nullopt);
  EXPECT_EQ(decode_cursor(text + "A"), std::nullopt);
  EXPECT_EQ(decode_cursor(text + "="), std::nullopt);
  EXPECT_EQ(decode_cursor(" " + text.substr(1)), std::nullopt);
  EXPECT_EQ(decode_cursor(std::string(28, 'A')), std::nullopt);
  EXPECT_EQ(decode_cursor(std::string(28, '\0')), std::nullopt);
}

TEST(Cursor, IsRefusedWithAnIdThatNoEventHas) {
  EXPECT_EQ(decode_cursor(encode_cursor({0, 0, EventOrder::kOldestFirst})), std::nullopt);
  EXPECT_EQ(decode_cursor(encode_cursor({0, -1, EventOrder::kOldestFirst})), std::nullopt);
}

}  // namespace
}  // namespace evh::http_api
