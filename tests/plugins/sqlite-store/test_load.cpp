// Many callers at once, short waits, large events.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <set>
#include <thread>

#include "evh/testkit/bystander_thread.h"
#include "store_fixture.h"

namespace evh::sqlite_store::test {
namespace {

using namespace std::chrono_literals;
using testkit::LoadedPlugin;

using Load = StoreTest;

// The texts are given back inside `done`, and overwritten: whoever reads them later stores or finds nonsense.
struct Borrowed {
  std::unique_ptr<NewEvent> event;
  evh_new_event lent;
  std::atomic<int> times_done{0};
  std::atomic<evh_code> code{EVH_OK};

  void begin(const evh_event_store& store, NewEvent made, Span max_wait) {
    event = std::make_unique<NewEvent>(std::move(made));
    lent = event->lent();
    store.append(store.self, &lent, 1, max_wait.count(), &Borrowed::done, this);
  }
  static void done(void* ctx, const evh_error* error, const std::int64_t*, const evh_code*, std::size_t) {
    auto& self = *static_cast<Borrowed*>(ctx);
    self.event->action.assign(self.event->action.size(), '?');
    self.event->metadata.assign(self.event->metadata.size(), '?');
    self.event.reset();
    self.lent = {};
    self.code = error->code;
    ++self.times_done;
  }
};

TEST_F(Load, TextsAreNotReadAfterDone) {
  constexpr int kThreads = 4;
  constexpr std::size_t kEach = 500;
  const std::string metadata = R"({"x":")" + std::string(2'000, 'x') + R"("})";
  std::deque<Borrowed> calls(kThreads * kEach);
  {
    const LoadedPlugin plugin = start({{"batch_events", "50"}});
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (std::size_t i = 0; i < kEach; ++i) {
          // Some waits are over at once, some in the middle of a transaction.
          const Span wait = i % 2 == 0 ? Span(i % 7 * 300) : testkit::kPatience;
          calls[static_cast<std::size_t>(t) * kEach + i].begin(store_of(plugin),
                                                               {.action = "event", .metadata = metadata}, wait);
        }
      });
    }
    threads.clear();
    EXPECT_TRUE(eventually(
        [&] { return std::all_of(calls.begin(), calls.end(), [](const auto& call) { return call.times_done > 0; }); }));
  }
  std::size_t stored = 0;
  std::size_t unknown = 0;
  for (const Borrowed& call : calls) {
    EXPECT_EQ(call.times_done, 1);
    stored += call.code == EVH_OK ? 1 : 0;
    unknown += call.code == EVH_UNKNOWN_OUTCOME ? 1 : 0;
    EXPECT_TRUE(call.code == EVH_OK || call.code == EVH_UNKNOWN_OUTCOME || call.code == EVH_TIMEOUT) << call.code;
  }
  const DatabaseView view(file());
  const auto found = static_cast<std::size_t>(std::stoul(view.value("SELECT count(*) FROM events")));
  EXPECT_GE(found, stored);
  EXPECT_LE(found, stored + unknown);
  EXPECT_EQ(view.value("SELECT count(*) FROM events WHERE action <> 'event' OR metadata <> '" + metadata + "'"), "0");
}

TEST_F(Load, AnAppendLargerThanATransactionIsStoredWhole) {
  const LoadedPlugin plugin = start({{"batch_events", "10"}});
  ASSERT_THAT(append(plugin, std::vector<NewEvent>(1'000)), IsStored());
  const std::string large(20U << 20U, 'x');
  ASSERT_THAT(append(plugin, {NewEvent{.metadata = R"({"x":")" + large + R"("})"}}), IsStored());
  EXPECT_EQ(DatabaseView(file()).value("SELECT count(*) FROM events"), "1001");
}

TEST_F(Load, AnAppendLargerThanTheQueueIsRefused) {
  const LoadedPlugin plugin = start({{"queue_bytes", "1MiB"}});
  EXPECT_THAT(append(plugin, {NewEvent{.metadata = R"({"x":")" + std::string(2U << 20U, 'x') + R"("})"}}),
              EndedWith(EVH_INVALID));
}

TEST_F(Load, ARefusedEventLeavesTheStoreHealthy) {
  const LoadedPlugin plugin = start();
  for (const char* metadata : {"no JSON", "[]", ""}) {
    EXPECT_THAT(append(plugin, {NewEvent{.metadata = metadata}}), EndedWith(EVH_INVALID)) << metadata;
  }
  EXPECT_EQ(plugin.health(), Health::kHealthy);
  EXPECT_THAT(append(plugin, "after"), IsStored());
}

TEST_F(Load, AStopInTheMiddleAnswersEveryAppendTruly) {
  std::deque<AppendCall> calls;
  {
    LoadedPlugin plugin = start({{"batch_events", "5"}});
    std::atomic<bool> has_stopped = false;
    std::jthread appender([&] {
      const testkit::BystanderThread bystander;
      for (int i = 0; i < 100'000 && !has_stopped; ++i) {
        calls.emplace_back(std::vector{NewEvent{.action = "event-" + std::to_string(i)}}).begin(store_of(plugin));
      }
    });
    EXPECT_TRUE(eventually([&] { return DatabaseView(file()).actions().size() > 100; }));
    plugin.stop();
    has_stopped = true;
    appender.join();
  }
  const auto actions = DatabaseView(file()).actions();
  const std::set<std::string> found(actions.begin(), actions.end());
  for (const AppendCall& call : calls) {
    ASSERT_EQ(call.times_done(), 1U);
    ASSERT_EQ(call.end().stored_all(), found.count(call.events()[0].action) == 1) << call.end().message;
  }
}

// A cursor comes from a client: it may lie anywhere.
TEST_F(Load, ACursorBehindTheRangeFindsNothing) {
  const LoadedPlugin plugin = start();
  for (const evh_time at : {100, 200, 300}) ASSERT_THAT(append(plugin, {NewEvent{.created_at = at}}), IsStored());
  const auto found = [&](bool is_descending, evh_time cursor_time, std::int64_t cursor_id) {
    testkit::ScanQuery query{.from = 150, .to = 250, .descending = is_descending};
    query.after = {cursor_time, cursor_id};
    return testkit::scan(store_of(plugin), query).events.size();
  };
  EXPECT_EQ(found(false, 300, 1), 0U);
  EXPECT_EQ(found(true, 100, 1'000), 0U);
  EXPECT_EQ(found(false, 100, 1'000), 1U);
  EXPECT_EQ(found(true, 300, 1), 1U);
}

}  // namespace
}  // namespace evh::sqlite_store::test
