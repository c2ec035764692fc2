#include "thread_census.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

#include "evh/testkit/patience.h"

namespace evh::testkit {
namespace {

// pthread_join returns a little before the kernel takes the thread off the list.
constexpr Span kTimeToEnd = std::chrono::seconds{2};

std::string named(pid_t thread) {
  std::ifstream file("/proc/self/task/" + std::to_string(thread) + "/comm");
  std::string name;
  std::getline(file, name);
  return std::to_string(thread) + " (" + name + ")";
}

// ThreadSanitizer starts a thread of its own when the first other one begins: let that be now.
void let_runtimes_start_theirs() {
  std::thread([] {}).join();
}

}  // namespace

pid_t this_thread() noexcept {
  return gettid();
}

ThreadCensus& ThreadCensus::of_process() {
  static ThreadCensus census;
  return census;
}

ThreadIds ThreadCensus::running() {
  ThreadIds threads;
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task", gone)) {
    const std::string name = entry.path().filename();
    pid_t thread = 0;
    std::from_chars(name.data(), name.data() + name.size(), thread);
    threads.insert(thread);
  }
  return threads;
}

void ThreadCensus::enter(const void* owner) {
  let_runtimes_start_theirs();
  const std::lock_guard lock(mutex_);
  if (claimed_.empty()) known_ = running();
  claimed_[owner];
}

void ThreadCensus::leave(const void* owner) {
  const std::lock_guard lock(mutex_);
  const auto claimed = claimed_.find(owner);
  if (claimed == claimed_.end()) return;
  known_.insert(claimed->second.begin(), claimed->second.end());
  claimed_.erase(claimed);
}

void ThreadCensus::claim_new(const void* owner, const ThreadIds& before) {
  const std::lock_guard lock(mutex_);
  ThreadIds& claimed = claimed_[owner];
  std::ranges::set_difference(running(), before, std::inserter(claimed, claimed.end()));
}

std::vector<std::string> ThreadCensus::take_left_by(const void* owner) {
  ThreadIds left;
  (void)eventually(
      [&] {
        const std::lock_guard lock(mutex_);
        left = held_against(owner);
        return left.empty();
      },
      kTimeToEnd);
  std::vector<std::string> names;
  std::ranges::transform(left, std::back_inserter(names), named);
  const std::lock_guard lock(mutex_);
  known_.insert(left.begin(), left.end());
  return names;
}

void ThreadCensus::add_bystander(pid_t thread) {
  const std::lock_guard lock(mutex_);
  bystanders_.insert(thread);
}

void ThreadCensus::remove_bystander(pid_t thread) {
  const std::lock_guard lock(mutex_);
  bystanders_.erase(thread);
  known_.insert(thread);  // it is about to end
}

ThreadIds ThreadCensus::held_against(const void* owner) const {
  ThreadIds threads = running();
  const auto claim = claimed_.find(owner);
  const bool last = claimed_.size() == 1;
  std::erase_if(threads, [&](pid_t thread) {
    if (known_.contains(thread) || bystanders_.contains(thread)) return true;
    const bool claimed = claim != claimed_.end() && claim->second.contains(thread);
    return !claimed && !last;
  });
  return threads;
}

}  // namespace evh::testkit
