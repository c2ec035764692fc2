// What the operator is told when the store cannot start.
#include <fstream>

#include "store_fixture.h"

namespace evh::sqlite_store::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class UnusableFile : public StoreTest {
 protected:
  std::string refusal(const std::filesystem::path& path) {
    testkit::LoadedPlugin plugin = load({{"path", path}});
    EXPECT_TRUE(plugin.create().ok());
    const testkit::Outcome started = plugin.start();
    EXPECT_FALSE(started.ok());
    plugin.stop();
    plugin.destroy();
    return started.message;
  }
};

TEST_F(UnusableFile, IsNamedWithTheReason) {
  EXPECT_THAT(refusal(folder_.path()), AllOf(HasSubstr(folder_.path().string()), HasSubstr("folder")));
  EXPECT_THAT(refusal("/dev/null/events.db"), HasSubstr("/dev/null"));
  const auto text = folder_.path() / "letter.txt";
  std::ofstream(text) << std::string(5'000, 'x');
  EXPECT_THAT(refusal(text), AllOf(HasSubstr(text.string()), HasSubstr("not a database")));
}

TEST_F(UnusableFile, TakesNoEventsBeforeAndAfterItsLife) {
  testkit::LoadedPlugin plugin = load();
  ASSERT_TRUE(plugin.create().ok());
  EXPECT_THAT(append(plugin, "early"), EndedWith(EVH_UNAVAILABLE));
  EXPECT_EQ(testkit::scan(store_of(plugin)).code, EVH_UNAVAILABLE);
  ASSERT_TRUE(plugin.start().ok());
  EXPECT_THAT(append(plugin, "in time"), IsStored());
  EXPECT_TRUE(plugin.drain(testkit::kPatience).ok());
  EXPECT_THAT(append(plugin, "late"), EndedWith(EVH_UNAVAILABLE));
  EXPECT_EQ(testkit::scan(store_of(plugin)).events.size(), 1U) << "reading goes on while others drain";
  plugin.stop();
  EXPECT_THAT(append(plugin, "too late"), EndedWith(EVH_UNAVAILABLE));
  EXPECT_EQ(testkit::scan(store_of(plugin)).code, EVH_UNAVAILABLE);
}

}  // namespace
}  // namespace evh::sqlite_store::test
