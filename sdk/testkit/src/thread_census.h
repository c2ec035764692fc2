// Who started which thread, as far as /proc tells.
#pragma once

#include <sys/types.h>

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace evh::testkit {

using ThreadIds = std::set<pid_t>;

[[nodiscard]] pid_t this_thread() noexcept;

// A thread that begins during a lifecycle call of an instance counts as that instance's. One that begins at another
// time may be anybody's: it is held against the last instance that stops. Bystanders are never counted.
class ThreadCensus {
 public:
  [[nodiscard]] static ThreadCensus& of_process();

  // An instance is about to be created. `owner` is any address that is the instance's alone.
  void enter(const void* owner);
  // It has been destroyed, or its create failed.
  void leave(const void* owner);

  // Around every lifecycle call: ids before, and then what is new.
  [[nodiscard]] static ThreadIds running();
  void claim_new(const void* owner, const ThreadIds& before);

  // After stop: gives threads that are ending a moment to be gone, then names those that stay ("1234 (writer)") and
  // forgets them.
  [[nodiscard]] std::vector<std::string> take_left_by(const void* owner);

  void add_bystander(pid_t thread);
  void remove_bystander(pid_t thread);

 private:
  [[nodiscard]] ThreadIds held_against(const void* owner) const;

  mutable std::mutex mutex_;
  ThreadIds known_;  // ran before any instance was there, or were reported
  ThreadIds bystanders_;
  std::map<const void*, ThreadIds> claimed_;  // by instance, from enter to leave
};

}  // namespace evh::testkit
