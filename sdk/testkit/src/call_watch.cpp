#include "call_watch.h"

#include <chrono>
#include <condition_variable>
#include <iostream>
#include <mutex>

#include "evh/testkit/bystander_thread.h"

namespace evh::testkit {
namespace {

constexpr std::chrono::seconds kPeriod{10};

void watch(const std::stop_token& returned, const std::string& call) {
  const BystanderThread bystander;
  std::mutex mutex;
  std::condition_variable_any over;
  std::unique_lock lock(mutex);
  for (auto spent = kPeriod;; spent += kPeriod) {
    over.wait_for(lock, returned, kPeriod, [] { return false; });
    if (returned.stop_requested()) return;
    std::cerr << "[testkit] " << call << " has not returned after " << spent.count() << " s\n";
  }
}

}  // namespace

CallWatch::CallWatch(std::string call)
    : thread_([call = std::move(call)](const std::stop_token& returned) { watch(returned, call); }) {}

}  // namespace evh::testkit
