// The power goes in the middle of it: what was answered as stored is there afterwards, whole, and the file is sound.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <random>
#include <set>

#include "faulty_disk.h"
#include "random_seed.h"
#include "store_fixture.h"

namespace evh::sqlite_store::test {
namespace {

using testkit::LoadedPlugin;

#ifdef EVH_SANITIZED
constexpr int kCuts = 40;
#else
constexpr int kCuts = 150;
#endif

class PowerCut : public StoreTest {
 protected:
  PowerCut() : seed_(random_seed()), random_(seed_), disk_(seed_) {}

  std::string small_metadata(int i) {
    return R"({"n":)" + std::to_string(i) + R"(,"x":")" + std::string(random_() % 9'000, 'x') + R"("})";
  }

  // What is in the files that survived, compared with all that was answered before the cut.
  void cut_and_check(const std::vector<std::string>& stored, const std::vector<std::string>& certainly_not) {
    const testkit::TempFolder survived;
    disk_.cut_power(survived.path());
    const DatabaseView view(survived.path() / "events.db");
    ASSERT_EQ(view.integrity(), "ok");
    if (view.value("SELECT count(*) FROM sqlite_schema") == "0") {
      ASSERT_THAT(stored, testing::IsEmpty());
      return;
    }
    const std::vector<std::string> actions = view.actions();
    const std::set<std::string> found(actions.begin(), actions.end());
    for (const std::string& action : stored) {
      ASSERT_EQ(found.count(action), 1U) << action << " had been answered as stored";
    }
    for (const std::string& action : certainly_not) {
      ASSERT_EQ(found.count(action), 0U) << action << " had been answered as not stored";
    }
  }

  const std::uint64_t seed_;
  std::mt19937_64 random_;
  FaultyDisk disk_;
};

TEST_F(PowerCut, LeavesWhatWasAnsweredAsStored) {
  const LoadedPlugin plugin = start();
  std::vector<std::string> stored;
  for (int i = 0; i < kCuts; ++i) {
    std::vector<const AppendCall*> calls;
    const std::size_t many = 1 + random_() % 8;
    for (std::size_t k = 0; k < many; ++k) {
      const std::string action = "event-" + std::to_string(i) + "-" + std::to_string(k);
      calls.push_back(&begin(plugin, {NewEvent{.action = action, .metadata = small_metadata(i)}}));
    }
    for (const AppendCall* call : calls) {
      ASSERT_TRUE(call->wait());
      ASSERT_THAT(call->end(), IsStored());
      stored.push_back(call->events().front().action);
    }
    ASSERT_NO_FATAL_FAILURE(cut_and_check(stored, {}));
  }
}

TEST_F(PowerCut, InTheMiddleOfASyncLeavesWhatWasAnsweredBefore) {
  std::mutex mutex;
  std::vector<std::string> stored;
  std::atomic<int> cuts = 0;
  const auto check = [&] {
    ++cuts;
    std::vector<std::string> before;
    {
      const std::lock_guard lock(mutex);
      before = stored;
    }
    cut_and_check(before, {});
  };
  const LoadedPlugin plugin = start();
  disk_.watch_syncs("", check);
  for (int i = 0; i < kCuts; ++i) {
    const std::string action = "event-" + std::to_string(i);
    ASSERT_THAT(append(plugin, {NewEvent{.action = action, .metadata = small_metadata(i)}}), IsStored());
    const std::lock_guard lock(mutex);
    stored.push_back(action);
  }
  disk_.watch_syncs("", {});
  EXPECT_GE(cuts, kCuts) << "each commit is a sync";
}

// Enough for the log to be copied and to begin anew, several times.
TEST_F(PowerCut, AroundCheckpointsLeavesWhatWasAnswered) {
  const LoadedPlugin plugin = start();
  const std::string large(512 << 10, 'x');
  std::vector<std::string> stored;
  for (int i = 0; i < kCuts; ++i) {
    const std::string action = "event-" + std::to_string(i);
    ASSERT_THAT(append(plugin, {NewEvent{.action = action, .metadata = R"({"x":")" + large + R"("})"}}), IsStored());
    stored.push_back(action);
    if (i % 8 == 7) {
      ASSERT_NO_FATAL_FAILURE(cut_and_check(stored, {}));
    }
  }
  EXPECT_GT(disk_.syncs("events.db"), 0) << "the log was never copied";
}

// Syncs fail at random, and lose data as they do so. Afterwards everything answered is true.
TEST_F(PowerCut, AfterFailedSyncsLeavesWhatWasAnsweredAndNothingElse) {
  const LoadedPlugin plugin = start();
  // A reader keeps the log from being copied and removed whenever the writer gives its connection up.
  ASSERT_EQ(testkit::scan(store_of(plugin)).code, EVH_OK);
  std::vector<std::string> stored, not_stored;
  for (int i = 0; i < kCuts / 3; ++i) {
    if (random_() % 3 == 0) disk_.fail(DiskCall::kSync, "-wal", SQLITE_IOERR_FSYNC, 1, static_cast<int>(random_() % 2));
    const std::string action = "event-" + std::to_string(i);
    const AppendEnd end = append(plugin, {NewEvent{.action = action, .metadata = small_metadata(i)}});
    if (end.stored_all()) stored.push_back(action);
    if (end.code == EVH_UNAVAILABLE) not_stored.push_back(action);
    ASSERT_NO_FATAL_FAILURE(cut_and_check(stored, not_stored));
  }
  EXPECT_FALSE(stored.empty());
  EXPECT_FALSE(not_stored.empty());
}

}  // namespace
}  // namespace evh::sqlite_store::test
