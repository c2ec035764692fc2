// Descriptors that the test host refuses, as the host does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <cstdlib>
#include <fstream>
#include <string>

#include "evh/testkit/exported_symbols.h"
#include "evh/testkit/temp_folder.h"
#include "evh/testkit/test_host.h"

namespace evh::testkit {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// Why the library is refused; empty when it is not.
std::string refusal_of(const std::filesystem::path& library, const Settings& settings = {}) {
  TestHost host;
  try {
    (void)host.load(library, settings);
    return {};
  } catch (const LoadError& error) {
    return error.what();
  }
}

struct Oddity {
  const char* how;   // what odd_descriptor.c makes odd
  const char* says;  // what the refusal must say
};

class OddDescriptor : public testing::TestWithParam<Oddity> {
 protected:
  void SetUp() override { ASSERT_EQ(setenv("ODD_DESCRIPTOR", GetParam().how, 1), 0); }
  void TearDown() override { unsetenv("ODD_DESCRIPTOR"); }
};

TEST_P(OddDescriptor, IsRefused) {
  EXPECT_THAT(refusal_of(TEST_PLUGINS "odd_descriptor.so"),
              AllOf(HasSubstr("odd_descriptor.so"), HasSubstr(GetParam().says)));
}

INSTANTIATE_TEST_SUITE_P(
    Each, OddDescriptor,
    testing::Values(
        Oddity{"null", "returns NULL"}, Oddity{"another each time", "the same descriptor each time"},
        Oddity{"small size", "size is"}, Oddity{"another abi", "built for ABI 2"},
        Oddity{"reserved", "reserved must be 0"}, Oddity{"no name", "name must be"},
        Oddity{"upper-case name", "got 'Odd'"}, Oddity{"no version", "version must be one line"},
        Oddity{"summary of two lines", "summary must be one line"}, Oddity{"no settings", "settings is NULL"},
        Oddity{"short setting stride", "setting_stride"}, Oddity{"setting without a name", "has no name"},
        Oddity{"setting in camel case", "'secondSetting': its name must be in snake_case"},
        Oddity{"setting twice", "'first' is declared twice"}, Oddity{"setting without doc", "its doc must be one line"},
        Oddity{"setting of an unknown type", "its type 99"},
        Oddity{"setting with unknown flags", "its flags have bits"},
        Oddity{"default that does not fit", "its default must be at most 9"},
        Oddity{"min that is no number", "its min must be an integer"}, Oddity{"min above max", "is above its max"},
        Oddity{"text with bounds", "has no bounds"}, Oddity{"choice without words", "a choice lists its words"},
        Oddity{"required with a default", "must not have a default"},
        Oddity{"provides without revision", "got 'test.one'"},
        Oddity{"provides twice", "provides names test.one/1 twice"}, Oddity{"provides is null", "provides is NULL"},
        Oddity{"needs is null", "needs is NULL"}, Oddity{"needs revision 0", "got 'test.three/0'"},
        Oddity{"needs twice", "needs names test.three/1 twice"}, Oddity{"optional is 2", "`optional`"},
        Oddity{"no stop", "must all be there"}),
    [](const testing::TestParamInfo<Oddity>& oddity) {
      std::string name = oddity.param.how;
      for (char& letter : name) {
        if (std::isalnum(static_cast<unsigned char>(letter)) == 0) letter = '_';
      }
      return name;
    });

TEST(Load, TakesTheDescriptorThatIsNotOdd) {
  EXPECT_EQ(refusal_of(TEST_PLUGINS "odd_descriptor.so"), "");
}

TEST(Load, RefusesAFileThatIsNotThere) {
  EXPECT_THAT(refusal_of(TEST_PLUGINS "no_such.so"), HasSubstr("there is no such file"));
}

TEST(Load, RefusesALibraryWithoutEntry) {
  EXPECT_THAT(refusal_of(TEST_PLUGINS "no_entry.so"), HasSubstr("does not export evh_plugin_entry"));
}

TEST(Load, RefusesAFileThatIsNoLibrary) {
  const TempFolder folder;
  for (const std::string& bytes : {std::string(), std::string("text"),
                                   std::string("\x7F"
                                               "ELF"),
                                   std::string("\x7F"
                                               "ELF\x02\x01\x01") +
                                       std::string(57, '\xFF')}) {
    const std::filesystem::path file = folder.path() / "file.so";
    std::ofstream(file, std::ios::binary) << bytes;
    EXPECT_THAT(refusal_of(file), HasSubstr("file.so")) << bytes.size() << " bytes";
    EXPECT_THROW((void)exported_symbols(file), LoadError);
  }
}

TEST(Load, RefusesSettingsThatDoNotFit) {
  const char* puppet = TEST_PLUGINS "puppet.so";
  EXPECT_THAT(refusal_of(puppet, {{"integer", "eleven"}}), HasSubstr("'integer' must be an integer, got 'eleven'"));
  EXPECT_THAT(refusal_of(puppet, {{"integer", "11"}}), HasSubstr("'integer' must be at most 10"));
  EXPECT_THAT(refusal_of(puppet, {{"no_such", "1"}}),
              AllOf(HasSubstr("'no_such' is unknown"), HasSubstr("it knows: text, integer")));
  EXPECT_THAT(refusal_of(puppet, {{"integer", std::vector<std::string>{"1"}}}), HasSubstr("got a list"));
  EXPECT_THAT(refusal_of(puppet, {{"choice", "blue"}, {"boolean", "maybe"}}),
              AllOf(HasSubstr("'choice' must be one of red|green"), HasSubstr("'boolean' must be true or false")));
  EXPECT_THAT(refusal_of(TEST_PLUGINS "ticker.so"), HasSubstr("'action' is required"));
}

TEST(Load, RefusesASecondInstanceOfTheSameId) {
  TestHost host;
  const LoadedPlugin first = host.load(TEST_PLUGINS "puppet.so");
  EXPECT_THROW((void)host.load(TEST_PLUGINS "puppet.so"), LoadError);
  EXPECT_NO_THROW((void)host.load(TEST_PLUGINS "puppet.so", {}, "other"));
}

TEST(ExportedSymbols, AreThoseForOthersAlone) {
  EXPECT_THAT(exported_symbols(TEST_PLUGINS "puppet.so"), testing::ElementsAre("evh_plugin_entry"));
  EXPECT_THAT(exported_symbols(TEST_PLUGINS "ticker.so"), testing::ElementsAre("evh_plugin_entry"));
  EXPECT_THAT(exported_symbols(TEST_PLUGINS "talkative.so"),
              testing::ElementsAre("evh_plugin_entry", "talkative_answer"));
}

}  // namespace
}  // namespace evh::testkit
