// The file is moved, deleted or replaced while it is open.
#include <chrono>

#include "store_fixture.h"

namespace evh::sqlite_store::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testkit::LoadedPlugin;

class MovedFile : public StoreTest {
 protected:
  void move_away() const { std::filesystem::rename(file(), moved_); }
  void move_back() const { std::filesystem::rename(moved_, file()); }
  void expect_recovery(const LoadedPlugin& plugin) {
    EXPECT_TRUE(plugin.wait_for_health(Health::kHealthy)) << "by itself";
    EXPECT_TRUE(eventually([&] { return append(plugin, "after").stored_all(); }));
  }

  const std::filesystem::path moved_ = folder_.path() / "moved.db";
};

TEST_F(MovedFile, TakesNoEventsAndSaysWhy) {
  const LoadedPlugin plugin = start();
  ASSERT_THAT(append(plugin, "before"), IsStored());
  move_away();
  const AppendEnd end = append(plugin, "lost");
  EXPECT_THAT(end, EndedWith(EVH_UNAVAILABLE));
  EXPECT_THAT(end.message, HasSubstr("moved or deleted"));
  EXPECT_TRUE(plugin.wait_for_health(Health::kUnhealthy));
  EXPECT_EQ(testkit::scan(store_of(plugin)).code, EVH_UNAVAILABLE) << "what is read would be out of date for ever";
  EXPECT_FALSE(std::filesystem::exists(file())) << "it is not made anew behind the operator's back";
}

TEST_F(MovedFile, WorksAgainWhenItIsPutBack) {
  const LoadedPlugin plugin = start();
  ASSERT_THAT(append(plugin, "before"), IsStored());
  move_away();
  ASSERT_THAT(append(plugin, "lost"), EndedWith(EVH_UNAVAILABLE));
  move_back();
  expect_recovery(plugin);
  EXPECT_THAT(DatabaseView(file()).column("SELECT action FROM events WHERE action <> 'after'"), ElementsAre("before"));
  EXPECT_EQ(DatabaseView(file()).integrity(), "ok");
}

TEST_F(MovedFile, IsNotReplacedByAnotherProgramsDatabase) {
  const LoadedPlugin plugin = start();
  ASSERT_THAT(append(plugin, "before"), IsStored());
  move_away();
  ASSERT_THAT(append(plugin, "lost"), EndedWith(EVH_UNAVAILABLE));
  std::filesystem::remove(file().string() + "-wal");
  std::filesystem::remove(file().string() + "-shm");
  {
    const DatabaseView other(file(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    other.run("CREATE TABLE events (id INTEGER PRIMARY KEY, user_id, action, metadata, created_at)");
  }
  EXPECT_TRUE(eventually([&] {
    const AppendEnd end = append(plugin, "lost");
    return end.code == EVH_UNAVAILABLE && end.message.find("another program") != std::string::npos;
  }));
  EXPECT_EQ(DatabaseView(file()).value("SELECT count(*) FROM events"), "0");
}

TEST_F(MovedFile, LosesNothingThatWasStoredBefore) {
  {
    const LoadedPlugin plugin = start();
    for (int i = 0; i < 50; ++i) ASSERT_THAT(append(plugin, "before"), IsStored());
    move_away();
    ASSERT_THAT(append(plugin, "lost"), EndedWith(EVH_UNAVAILABLE));
    move_back();
  }
  EXPECT_EQ(DatabaseView(file()).actions().size(), 50U);
}

TEST_F(MovedFile, IsOneFileAfterTheStop) {
  LoadedPlugin plugin = start();
  ASSERT_THAT(append(plugin, "event"), IsStored());
  ASSERT_EQ(testkit::scan(store_of(plugin)).events.size(), 1U);
  EXPECT_TRUE(std::filesystem::exists(file().string() + "-wal"));
  plugin.drain_stop_and_destroy();
  EXPECT_FALSE(std::filesystem::exists(file().string() + "-wal")) << "so that a copy of the file has everything";
  EXPECT_THAT(DatabaseView(file()).actions(), ElementsAre("event"));
}

}  // namespace
}  // namespace evh::sqlite_store::test
