// The disk fails underneath the writer. What was answered as stored is there, what was answered as not stored is not,
// and the store works again by itself.
#include <atomic>
#include <chrono>

#include "faulty_disk.h"
#include "store_fixture.h"

namespace evh::sqlite_store::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testkit::LoadedPlugin;

constexpr const char* kLog = "-wal";
constexpr const char* kDatabase = "events.db";

class DiskFaults : public StoreTest {
 protected:
  // The first append that is stored again.
  void expect_recovery(const LoadedPlugin& plugin) {
    EXPECT_TRUE(eventually([&] { return append(plugin, "after").stored_all(); }));
    EXPECT_TRUE(plugin.wait_for_health(Health::kHealthy));
  }
  // What another program finds, but for the events of expect_recovery.
  [[nodiscard]] std::vector<std::string> found() const {
    DatabaseView view(file());
    EXPECT_EQ(view.integrity(), "ok");
    return view.column("SELECT action FROM events WHERE action <> 'after' ORDER BY id");
  }

  FaultyDisk disk_;  // outlives the plugin, which is made in each test
};

TEST_F(DiskFaults, AnAppendIsAnsweredAfterItsLogWasSynced) {
  const LoadedPlugin plugin = start();
  for (int i = 0; i < 20; ++i) {
    const int before = disk_.syncs(kLog);
    ASSERT_THAT(append(plugin, "event"), IsStored());
    ASSERT_GT(disk_.syncs(kLog), before);
  }
}

TEST_F(DiskFaults, NothingIsAnsweredAsLongAsTheSyncLasts) {
  const LoadedPlugin plugin = start();
  std::atomic<bool> is_syncing = false;
  std::atomic<bool> may_end = false;
  disk_.watch_syncs(kLog, [&] {
    is_syncing = true;
    EXPECT_TRUE(eventually([&] { return may_end.load(); }));
  });
  const AppendCall& call = begin(plugin, "event");
  ASSERT_TRUE(eventually([&] { return is_syncing.load(); }));
  EXPECT_FALSE(call.wait(50ms));
  may_end = true;
  ASSERT_TRUE(call.wait());
  EXPECT_THAT(call.end(), IsStored());
}

TEST_F(DiskFaults, ASyncBeyondTheWaitEndsWithAnUnknownOutcome) {
  const LoadedPlugin plugin = start();
  std::atomic<bool> may_end = false;
  disk_.watch_syncs(kLog, [&] { EXPECT_TRUE(eventually([&] { return may_end.load(); })); });
  const AppendCall& slow = begin(plugin, "slow", 100ms);
  const AppendCall& patient = begin(plugin, "patient");
  ASSERT_TRUE(slow.wait());
  EXPECT_EQ(slow.end().code, EVH_UNKNOWN_OUTCOME) << slow.end().message;
  may_end = true;
  ASSERT_TRUE(patient.wait());
  EXPECT_THAT(patient.end(), IsStored());
  EXPECT_EQ(slow.times_done(), 1U);
}

TEST_F(DiskFaults, ATransactionThatCouldNotBeWrittenIsNotStored) {
  for (const int result : {SQLITE_FULL, SQLITE_IOERR_WRITE}) {
    for (int after = 0; after < 8; ++after) {
      SCOPED_TRACE("result " + std::to_string(result) + " after " + std::to_string(after) + " writes");
      const testkit::TempFolder folder;
      const auto path = folder.path() / "events.db";
      LoadedPlugin plugin = start({{"path", path}});
      ASSERT_THAT(append(plugin, "before"), IsStored());
      disk_.fail(DiskCall::kWrite, kLog, result, 1, after);
      const AppendEnd end = append(plugin, "lost");
      if (disk_.faults() > 0) {
        EXPECT_THAT(end, EndedWith(EVH_UNAVAILABLE));
      }
      disk_.work();
      expect_recovery(plugin);
      const auto actions = DatabaseView(path).actions();
      EXPECT_EQ(testing::Value(actions, testing::Contains("lost")), end.stored_all());
      EXPECT_EQ(DatabaseView(path).integrity(), "ok");
    }
  }
}

TEST_F(DiskFaults, AFailedSyncOfTheLogIsNotAnsweredAsStored) {
  const LoadedPlugin plugin = start();
  ASSERT_THAT(append(plugin, "before"), IsStored());
  disk_.fail(DiskCall::kSync, kLog, SQLITE_IOERR_FSYNC, 1);
  // The page that is written over it is synced: it is certain that nothing is left of it.
  EXPECT_THAT(append(plugin, "lost"), EndedWith(EVH_UNAVAILABLE));
  EXPECT_EQ(disk_.faults(), 1);
  expect_recovery(plugin);
  EXPECT_THAT(found(), ElementsAre("before"));
}

TEST_F(DiskFaults, SyncsThatKeepFailingLeaveTheOutcomeUnknown) {
  const LoadedPlugin plugin = start();
  ASSERT_THAT(append(plugin, "before"), IsStored());
  disk_.fail(DiskCall::kSync, kLog, SQLITE_IOERR_FSYNC);
  EXPECT_THAT(append(plugin, "ghost"), EndedWith(EVH_UNKNOWN_OUTCOME));
  EXPECT_TRUE(plugin.wait_for_health(Health::kUnhealthy));
  EXPECT_THAT(plugin.health_reason(), HasSubstr("disk I/O error"));
  disk_.work();
  expect_recovery(plugin);
}

TEST_F(DiskFaults, AFullDiskMakesItUnhealthyUntilThereIsRoom) {
  const LoadedPlugin plugin = start();
  ASSERT_THAT(append(plugin, "before"), IsStored());
  disk_.fail(DiskCall::kWrite, kLog, SQLITE_FULL);
  EXPECT_THAT(append(plugin, "lost"), EndedWith(EVH_UNAVAILABLE));
  EXPECT_TRUE(plugin.wait_for_health(Health::kUnhealthy));
  EXPECT_THAT(plugin.health_reason(), HasSubstr("disk is full"));
  disk_.work();
  EXPECT_TRUE(plugin.wait_for_health(Health::kHealthy)) << "also when nobody appends";
  EXPECT_THAT(append(plugin, "again"), IsStored());
  EXPECT_THAT(found(), ElementsAre("before", "again"));
}

TEST_F(DiskFaults, ALogThatCannotBeCopiedStillTakesEvents) {
  const LoadedPlugin plugin = start();
  disk_.fail(DiskCall::kWrite, kDatabase, SQLITE_FULL);
  const std::string large(1 << 20, 'x');
  std::size_t appended = 0;
  const auto has_failed_to_copy = [&] {
    return host_
        .wait_for_log("the write-ahead log could not be copied into the database; it grows until that works", 0us)
        .has_value();
  };
  while (!has_failed_to_copy() && appended < 64) {
    ASSERT_THAT(append(plugin, {NewEvent{.metadata = R"({"x":")" + large + R"("})"}}), IsStored());
    ++appended;
  }
  EXPECT_TRUE(has_failed_to_copy());
  EXPECT_EQ(plugin.health(), Health::kHealthy);
  EXPECT_EQ(DatabaseView(file()).actions().size(), appended);
}

TEST_F(DiskFaults, AStopWhileTheDiskFailsAnswersEverything) {
  LoadedPlugin plugin = start();
  disk_.fail(DiskCall::kSync, kLog, SQLITE_IOERR_FSYNC);
  std::vector<const AppendCall*> calls;
  for (int i = 0; i < 100; ++i) calls.push_back(&begin(plugin, "event"));
  plugin.drain_stop_and_destroy();
  for (const AppendCall* call : calls) {
    EXPECT_EQ(call->times_done(), 1U);
    EXPECT_NE(call->end().code, EVH_OK);
  }
}

}  // namespace
}  // namespace evh::sqlite_store::test
