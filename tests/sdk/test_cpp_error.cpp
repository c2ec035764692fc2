#include "evh/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <new>
#include <stdexcept>
#include <string>

namespace evh {
namespace {

TEST(CodeName, IsThatOfTheHeaderOrTheNumber) {
  EXPECT_EQ(code_name(EVH_OK), "EVH_OK");
  EXPECT_EQ(code_name(EVH_INTERNAL), "EVH_INTERNAL");
  EXPECT_EQ(code_name(77), "code 77");
}

TEST(Fail, FillsTheCallersError) {
  evh_error error{};
  EXPECT_EQ(fail(&error, EVH_TIMEOUT, "too late"), EVH_TIMEOUT);
  EXPECT_EQ(error.code, EVH_TIMEOUT);
  EXPECT_STREQ(error.message, "too late");
}

TEST(Fail, NeedsNoError) {
  EXPECT_EQ(fail(nullptr, EVH_TIMEOUT, "too late"), EVH_TIMEOUT);
}

TEST(Fail, CutsALongMessageToFit) {
  constexpr std::size_t kRoom = sizeof(evh_error::message) - 1;
  evh_error error{};
  (void)fail(&error, EVH_INTERNAL, std::string(kRoom, 'x'));
  EXPECT_EQ(std::string(error.message), std::string(kRoom, 'x'));
  (void)fail(&error, EVH_INTERNAL, std::string(kRoom + 1, 'x'));
  EXPECT_EQ(std::string(error.message), std::string(kRoom, 'x'));
}

TEST(Fail, CutsBetweenCharacters) {
  constexpr std::size_t kRoom = sizeof(evh_error::message) - 1;
  for (const std::string character : {"\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"}) {
    for (std::size_t over = 0; over <= character.size(); ++over) {
      const std::string before(kRoom - character.size() + over, 'x');
      evh_error error{};
      (void)fail(&error, EVH_INTERNAL, before + character + "behind");
      EXPECT_EQ(std::string(error.message), over == 0 ? before + character : before) << over << " bytes too many";
    }
  }
}

TEST(Guard, ReturnsOkWhenTheBodyReturns) {
  evh_error error{};
  error.code = 77;
  EXPECT_EQ(guard(&error, [] {}), EVH_OK);
  EXPECT_EQ(error.code, 77) << "a callee that returns EVH_OK leaves the error alone";
}

TEST(Guard, LetsABodyHaveTheLastWord) {
  EXPECT_EQ(guard(nullptr, []() -> evh_code { return EVH_CANCELLED; }), EVH_CANCELLED);
}

// What a body throws, and what comes out.
struct Thrown {
  const char* name;
  void (*body)();
  evh_code code;
  const char* message;
};

class GuardedException : public testing::TestWithParam<Thrown> {};

TEST_P(GuardedException, BecomesACodeAndAText) {
  evh_error error{};
  EXPECT_EQ(guard(&error, GetParam().body), GetParam().code);
  EXPECT_EQ(error.code, GetParam().code);
  EXPECT_STREQ(error.message, GetParam().message);
  EXPECT_EQ(guard(nullptr, GetParam().body), GetParam().code);
}

INSTANTIATE_TEST_SUITE_P(
    Each, GuardedException,
    testing::Values(Thrown{"Error", [] { throw Error(EVH_OVERLOADED, "full"); }, EVH_OVERLOADED, "full"},
                    Thrown{"ErrorOfALaterRelease", [] { throw Error(77, "new"); }, 77, "new"},
                    Thrown{"ErrorThatSaysOk", [] { throw Error(EVH_OK, "fine"); }, EVH_INTERNAL, "fine"},
                    Thrown{"StandardException", [] { throw std::runtime_error("broken"); }, EVH_INTERNAL, "broken"},
                    Thrown{"OutOfMemory", [] { throw std::bad_alloc(); }, EVH_INTERNAL, "out of memory"},
                    Thrown{"AnythingElse", [] { throw 42; }, EVH_INTERNAL, "an exception that is no std::exception"}),
    [](const testing::TestParamInfo<Thrown>& thrown) { return thrown.param.name; });

TEST(Guard, TurnsExceptionsOfABodyWithACode) {
  evh_error error{};
  EXPECT_EQ(guard(&error, []() -> evh_code { throw Error(EVH_NOT_FOUND, "gone"); }), EVH_NOT_FOUND);
  EXPECT_STREQ(error.message, "gone");
}

TEST(Check, ThrowsWhatCameAcrossTheBoundary) {
  evh_error error{};
  (void)fail(&error, EVH_UNAVAILABLE, "away");
  EXPECT_NO_THROW(check(EVH_OK, error));
  try {
    check(EVH_UNAVAILABLE, error);
    FAIL() << "it did not throw";
  } catch (const Error& thrown) {
    EXPECT_EQ(thrown.code(), EVH_UNAVAILABLE);
    EXPECT_STREQ(thrown.what(), "away");
  }
}

}  // namespace
}  // namespace evh
