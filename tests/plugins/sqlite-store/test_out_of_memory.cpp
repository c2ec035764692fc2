// operator new fails, at every place in turn: each append still ends exactly once and truly, and the store goes on.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <new>
#include <string>

#include "database_file.h"
#include "database_view.h"
#include "evh/testkit/patience.h"
#include "evh/testkit/stored_event.h"
#include "evh/testkit/temp_folder.h"
#include "write_path.h"

namespace {

// Allocations that still succeed; negative: all do.
std::atomic<long> allocations_left{-1};
// The threads of the test have memory: only others are refused.
thread_local bool has_memory = false;

bool is_refused() noexcept {
  if (has_memory) return false;
  long left = allocations_left.load();
  while (left >= 0) {
    if (left == 0) return true;
    if (allocations_left.compare_exchange_weak(left, left - 1)) return false;
  }
  return false;
}

}  // namespace

// Not inlined: the compiler would see malloc and delete, or new and free, and warn of a mismatch.
[[gnu::noinline]] void* operator new(std::size_t size) {
  void* const memory = is_refused() ? nullptr : std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
[[gnu::noinline]] void* operator new[](std::size_t size) {
  return operator new(size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete[](void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace evh::sqlite_store::test {
namespace {

// A call whose end costs no memory.
struct FrugalCall {
  std::atomic<int> times_done{0};
  evh_code code = EVH_OK;

  static void done(void* ctx, const evh_error* error, const std::int64_t*, const evh_code*, std::size_t) {
    auto& call = *static_cast<FrugalCall*>(ctx);
    call.code = error->code;
    call.times_done.fetch_add(1);
  }
};

// A host that needs no memory.
class FrugalHost {
 public:
  FrugalHost() {
    table_.size = sizeof table_;
    table_.self = this;
    table_.log = [](void*, std::int32_t, evh_str, const evh_log_field*, std::size_t) {};
    table_.log_enabled = [](void*, std::int32_t) -> std::int32_t { return 0; };
    table_.now = [](void*) -> evh_time { return 1; };
    table_.set_health = [](void* self, std::int32_t health, evh_str) {
      static_cast<FrugalHost*>(self)->health_ = health;
    };
  }
  [[nodiscard]] Host host() const { return Host(&table_); }
  [[nodiscard]] bool is_healthy() const { return health_ == EVH_HEALTHY; }

 private:
  evh_host table_{};
  std::atomic<std::int32_t> health_{EVH_HEALTHY};
};

class OutOfMemory : public testing::Test {
 protected:
  OutOfMemory() {
    has_memory = true;
    prepare_database(file_);
    write_path_.start();
  }
  ~OutOfMemory() override {
    allocations_left = -1;
    write_path_.stop();
  }

  const testkit::TempFolder folder_;
  const std::filesystem::path file_ = folder_.path() / "events.db";
  FrugalHost host_;
  WritePath write_path_{
      host_.host(), {.path = file_, .queue_events = 1'000, .queue_bytes = 1 << 20, .batch_events = 3, .readers = 1}};
};

TEST_F(OutOfMemory, EveryAppendEndsOnceAndTruly) {
  constexpr int kAppends = 4;
  constexpr evh_span kMaxWait = 200'000;  // without memory to take them from the queue they stay there
  std::size_t stored = 0;
  std::size_t failed = 0;
  for (long left = 0; left < 60; ++left) {
    // Refusals take memory, too.
    const std::string action = "event-" + std::to_string(left);
    const testkit::NewEvent good{.action = action};
    const testkit::NewEvent bad{.action = action, .metadata = "no JSON"};
    const evh_new_event lent[] = {good.lent(), good.lent(), bad.lent()};
    FrugalCall calls[kAppends];
    allocations_left = left;
    for (int i = 0; i < kAppends; ++i) {
      write_path_.append({lent, i % 2 == 0 ? 2U : 3U}, kMaxWait, &FrugalCall::done, &calls[i]);
    }
    ASSERT_TRUE(testkit::eventually([&] {
      return std::all_of(std::begin(calls), std::end(calls), [](const auto& call) { return call.times_done > 0; });
    })) << "with "
        << left << " allocations";
    allocations_left = -1;
    std::size_t good_ones = 0;
    std::size_t unknown_ones = 0;
    for (const FrugalCall& call : calls) {
      EXPECT_EQ(call.times_done, 1);
      unknown_ones += call.code == EVH_UNKNOWN_OUTCOME ? 2 : 0;
      good_ones += call.code == EVH_OK ? 2 : 0;
      failed += call.code == EVH_OK ? 0 : 1;
    }
    const std::string count = "SELECT count(*) FROM events WHERE action = '" + action + "'";
    const std::size_t found = std::stoul(DatabaseView(file_).value(count));
    EXPECT_GE(found, good_ones) << "with " << left << " allocations";
    EXPECT_LE(found, good_ones + unknown_ones) << "with " << left << " allocations";
    stored += good_ones;
  }
  EXPECT_GT(stored, 0U);
  EXPECT_GT(failed, 0U);
  EXPECT_TRUE(testkit::eventually([&] { return host_.is_healthy(); })) << "by itself";
}

}  // namespace
}  // namespace evh::sqlite_store::test
