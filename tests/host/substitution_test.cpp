#include "substitution.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace evh::host {
namespace {

using testing::HasSubstr;

const Environment kEnvironment({{"NAME", "value"}, {"EMPTY", ""}, {"NESTED", "${NAME}"}, {"_2", "two"}});

std::string filled(std::string_view text) {
  return fill(text, kEnvironment).text;
}

std::string problem_of(std::string_view text) {
  try {
    return "no problem, but " + filled(text);
  } catch (const FillProblem& problem) {
    return problem.what;
  }
}

TEST(Substitution, FillsVariables) {
  EXPECT_EQ(filled("${NAME}"), "value");
  EXPECT_EQ(filled("a ${NAME}b${_2}"), "a valuebtwo");
  EXPECT_EQ(filled("${EMPTY}"), "");
}

TEST(Substitution, LeavesTheRestAlone) {
  for (const char* text : {"", "plain", "$NAME", "$", "$$", "$$NAME", "a$", "{NAME}", "}", "50 %"}) {
    EXPECT_EQ(filled(text), text);
  }
  EXPECT_EQ(filled("$${NAME}"), "${NAME}");
  EXPECT_EQ(filled("$$${NAME}"), "$${NAME}");
}

TEST(Substitution, TakesADefaultForWhatIsUnsetOrForWhatIsEmptyToo) {
  EXPECT_EQ(filled("${ABSENT-d}"), "d");
  EXPECT_EQ(filled("${ABSENT:-d}"), "d");
  EXPECT_EQ(filled("${EMPTY-d}"), "");
  EXPECT_EQ(filled("${EMPTY:-d}"), "d");
  EXPECT_EQ(filled("${NAME-d}"), "value");
  EXPECT_EQ(filled("${NAME:-d}"), "value");
  EXPECT_EQ(filled("${ABSENT:-}"), "");
  EXPECT_EQ(filled("${ABSENT:-a:-b c}"), "a:-b c");
}

TEST(Substitution, DoesNotLookIntoWhatItFilledIn) {
  EXPECT_EQ(filled("${NESTED}"), "${NAME}");
}

TEST(Substitution, RefusesWhatCannotBeFilled) {
  EXPECT_THAT(problem_of("${ABSENT}"), HasSubstr("ABSENT is not set"));
  EXPECT_THAT(problem_of("${NAME"), HasSubstr("is not closed"));
  EXPECT_THAT(problem_of("${}"), HasSubstr("not followed by a variable's name"));
  EXPECT_THAT(problem_of("${1A}"), HasSubstr("not followed by a variable's name"));
  EXPECT_THAT(problem_of("${A B}"), HasSubstr("not followed by a variable's name"));
  EXPECT_THAT(problem_of("${NAME:d}"), HasSubstr("':' without '-'"));
  EXPECT_THAT(problem_of("${NAME:}"), HasSubstr("':' without '-'"));
  EXPECT_THAT(problem_of("${A:-${B}}"), HasSubstr("A default is plain text"));
}

TEST(Substitution, SaysWhatTheTextIsWithoutTheEnvironment) {
  EXPECT_EQ(fill("a${NAME:-b}", kEnvironment).fallback, "ab");
  EXPECT_EQ(fill("a${NAME}", kEnvironment).fallback, std::nullopt);
  EXPECT_EQ(fill("${NAME}${ABSENT:-b}", kEnvironment).fallback, std::nullopt);
  EXPECT_THAT(fill("${ABSENT:-b}${NAME}${_2:-}", kEnvironment).variables, testing::ElementsAre("NAME", "_2"));
}

TEST(Substitution, RefusesToGrowWithoutBound) {
  const Environment large({{"BIG", std::string(kLongestValue / 2 + 1, 'x')}});
  EXPECT_THROW(static_cast<void>(fill("${BIG}${BIG}", large)), FillProblem);
}

}  // namespace
}  // namespace evh::host
