// How many events a second a store makes durable from one appending thread, and what one call of append costs it: the
// store alone, without HTTP.
//
//   append_rate SQLITE-STORE.SO FOLDER SECONDS
//
// One line for each number of events in flight: a reactor that appends an event the moment one is answered. Exit code 1
// when one was not stored.
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "evh/testkit/test_host.h"
#include "evh/text.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using Microseconds = std::chrono::duration<double, std::micro>;

constexpr evh_span kMaxWait = 5'000'000;
constexpr std::uint64_t kUsers = 10'000;
constexpr std::string_view kMetadata = R"({"page":"/home","session":"abcdef0123456789","n":12345})";

// One event on its way, again and again.
class Slot;

// Answered slots, handed from the store's thread to the appending one.
class Answers {
 public:
  void put(Slot* slot) {
    bool sleeps = false;
    {
      const std::lock_guard lock(mutex_);
      answered_.push_back(slot);
      sleeps = std::exchange(sleeps_, false);
    }
    if (sleeps) wakes_.notify_one();
  }

  void take(std::vector<Slot*>& out) {
    out.clear();
    std::unique_lock lock(mutex_);
    while (answered_.empty()) {
      sleeps_ = true;
      wakes_.wait(lock);
    }
    std::swap(out, answered_);
  }

 private:
  std::mutex mutex_;
  std::condition_variable wakes_;
  bool sleeps_ = false;
  std::vector<Slot*> answered_;
};

class Slot {
 public:
  explicit Slot(Answers& answers) : answers_(answers) {}

  void append(const evh_event_store& store, std::int64_t user_id) {
    event_ = {user_id, evh::str("login"), evh::str(kMetadata), 0};
    began_ = Clock::now();
    store.append(store.self, &event_, 1, kMaxWait, &Slot::done, this);
  }

  [[nodiscard]] double latency_us() const { return Microseconds(answered_ - began_).count(); }
  [[nodiscard]] bool ok() const { return code_ == EVH_OK; }

 private:
  static void done(void* ctx, const evh_error* error, const std::int64_t*, const evh_code*, std::size_t) {
    Slot& self = *static_cast<Slot*>(ctx);
    self.code_ = error->code;
    self.answered_ = Clock::now();
    self.answers_.put(&self);
  }

  Answers& answers_;
  evh_new_event event_{};
  Clock::time_point began_, answered_;
  evh_code code_ = EVH_OK;
};

// How many were not stored.
std::size_t run(const evh_event_store& store, std::size_t in_flight, double seconds) {
  Answers answers;
  std::vector<Slot> slots(in_flight, Slot(answers));
  std::mt19937_64 random(1);
  std::vector<double> latencies;
  latencies.reserve(static_cast<std::size_t>(seconds * 300'000));
  double append_us = 0;
  std::size_t appends = 0;
  std::size_t failures = 0;
  std::vector<Slot*> answered;
  for (Slot& slot : slots) answered.push_back(&slot);

  const auto append_all = [&] {
    const auto before = Clock::now();
    for (Slot* slot : answered) {
      slot->append(store, 1 + static_cast<std::int64_t>(random() % kUsers));
    }
    append_us += Microseconds(Clock::now() - before).count();
    appends += answered.size();
  };
  const auto began = Clock::now();
  const auto end = began + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  append_all();
  std::size_t left = in_flight;
  while (left > 0) {
    answers.take(answered);
    for (const Slot* slot : answered) {
      latencies.push_back(slot->latency_us());
      if (!slot->ok()) ++failures;
    }
    if (Clock::now() < end) {
      append_all();
    } else {
      left -= answered.size();
    }
  }
  const double took = std::chrono::duration<double>(Clock::now() - began).count();
  std::sort(latencies.begin(), latencies.end());
  const auto at = [&](double share) {
    return latencies[static_cast<std::size_t>(share * static_cast<double>(latencies.size() - 1))] / 1e3;
  };
  std::printf(
      "   in flight %5zu: %8.0f events/s, append %.2f us, latency ms p50 %.2f p90 %.2f p99 %.2f p99.9 %.2f max "
      "%.1f%s\n",
      in_flight, static_cast<double>(latencies.size()) / took, append_us / static_cast<double>(appends), at(0.5),
      at(0.9), at(0.99), at(0.999), latencies.back() / 1e3,
      failures == 0 ? "" : (", FAILED " + std::to_string(failures)).c_str());
  std::fflush(stdout);
  return failures;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: %s SQLITE-STORE.SO FOLDER SECONDS\n", argv[0]);
    return 2;
  }
  const std::filesystem::path file = std::filesystem::path(argv[2]) / "append-rate.db";
  const double seconds = std::atof(argv[3]);

  evh::testkit::TestHost host;
  host.clock().use_real_time();
  host.set_log_level(evh::Level::kInfo);
  auto plugin = host.load(argv[1], {{"path", file}});
  plugin.create_and_start();
  std::size_t failures = 0;
  for (const std::size_t in_flight : {1U, 64U, 256U, 1024U}) {
    failures += run(plugin.service<evh_event_store>(), in_flight, seconds);
  }
  plugin.drain_stop_and_destroy();
  for (const auto& line : host.logs()) {
    if (line.level >= evh::Level::kWarn) std::printf("%s\n", line.message.c_str());
  }
  return failures == 0 ? 0 : 1;
}
