#include "environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "evh/testkit/temp_folder.h"
#include "problem.h"

namespace evh::host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

std::string problem_of(std::string_view text) {
  try {
    static_cast<void>(parse_dot_env(text, ".env"));
    return "no problem";
  } catch (const StartRefused& refused) {
    return refused.problems().front();
  }
}

TEST(DotEnv, IsLinesOfKeysAndValues) {
  EXPECT_THAT(parse_dot_env("A=1\n\n# comment\n  B = two words \nexport C=3\r\nD=\n_E9==x", ".env"),
              ElementsAre(Pair("A", "1"), Pair("B", "two words"), Pair("C", "3"), Pair("D", ""), Pair("_E9", "=x")));
  EXPECT_THAT(parse_dot_env("", ".env"), testing::IsEmpty());
}

TEST(DotEnv, EndsAValueWithoutQuotesAtAComment) {
  EXPECT_THAT(parse_dot_env("A=1 # one\nB=a#b\nC= # nothing\nD=#x", ".env"),
              ElementsAre(Pair("A", "1"), Pair("B", "a#b"), Pair("C", ""), Pair("D", "#x")));
}

TEST(DotEnv, TakesSingleQuotesLiterally) {
  EXPECT_THAT(parse_dot_env("A=' a # \\n $B '  # comment\nB=''", ".env"),
              ElementsAre(Pair("A", " a # \\n $B "), Pair("B", "")));
}

TEST(DotEnv, KnowsEscapesInDoubleQuotes) {
  EXPECT_THAT(parse_dot_env(R"(A="a\n\r\t\"\\\$b")", ".env"), ElementsAre(Pair("A", "a\n\r\t\"\\$b")));
  EXPECT_THAT(problem_of(R"(A="\x")"), HasSubstr(".env:1: the value of A has a backslash that means nothing"));
  EXPECT_THAT(problem_of("A=\"\\"), HasSubstr("has a backslash that means nothing"));
}

TEST(DotEnv, LetsTheLastOfEqualKeysWin) {
  EXPECT_THAT(parse_dot_env("A=1\nA=2", ".env"), ElementsAre(Pair("A", "2")));
}

TEST(DotEnv, SkipsAByteOrderMark) {
  EXPECT_THAT(parse_dot_env("\xEF\xBB\xBF"
                            "A=1",
                            ".env"),
              ElementsAre(Pair("A", "1")));
}

TEST(DotEnv, NamesTheLineButNeverTheValue) {
  EXPECT_THAT(problem_of("A=1\nhunter2"), testing::AllOf(HasSubstr(".env:2: "), testing::Not(HasSubstr("hunter2"))));
  EXPECT_THAT(problem_of("my-key=hunter2"), testing::AllOf(HasSubstr(".env:1: "), testing::Not(HasSubstr("hunter2"))));
  EXPECT_THAT(problem_of("A='hunter2"), testing::AllOf(HasSubstr("closing '"), testing::Not(HasSubstr("hunter2"))));
  EXPECT_THAT(problem_of("A='a'hunter2"), testing::AllOf(HasSubstr("goes on"), testing::Not(HasSubstr("hunter2"))));
}

class EnvironmentTest : public testing::Test {
 protected:
  ~EnvironmentTest() override { ::unsetenv("EVH_TEST_VARIABLE"); }
  std::string file() const { return (folder_.path() / ".env").string(); }
  const testkit::TempFolder folder_;
};

TEST_F(EnvironmentTest, PrefersTheRealVariablesAlsoWhenEmpty) {
  std::ofstream(file()) << "EVH_TEST_VARIABLE=file\nEVH_TEST_OTHER=file\n";
  EXPECT_EQ(Environment::of_process(file()).find("EVH_TEST_VARIABLE"), "file");
  ::setenv("EVH_TEST_VARIABLE", "", 1);
  EXPECT_EQ(Environment::of_process(file()).find("EVH_TEST_VARIABLE"), "");
  EXPECT_EQ(Environment::of_process(file()).find("EVH_TEST_OTHER"), "file");
  EXPECT_EQ(Environment::of_process(file()).find("EVH_TEST_ABSENT"), std::nullopt);
}

TEST_F(EnvironmentTest, NeedsNoFile) {
  EXPECT_NO_THROW(static_cast<void>(Environment::of_process(file())));
}

TEST_F(EnvironmentTest, RefusesAFileThatIsNone) {
  std::filesystem::create_directory(file());
  EXPECT_THROW(static_cast<void>(Environment::of_process(file())), StartRefused);
}

TEST_F(EnvironmentTest, RefusesAFileThatIsTooLargeOrBinary) {
  std::ofstream(file()) << "A=" << std::string(std::size_t{1} << 20U, 'x');
  EXPECT_THROW(static_cast<void>(Environment::of_process(file())), StartRefused);
  std::ofstream(file(), std::ios::binary) << "A=1" << '\0';
  EXPECT_THROW(static_cast<void>(Environment::of_process(file())), StartRefused);
}

}  // namespace
}  // namespace evh::host
