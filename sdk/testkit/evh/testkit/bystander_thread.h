// Tells the test host that a thread is not the plugin's.
#pragma once

#include <sys/types.h>

namespace evh::testkit {

// After stop, the test host reports threads that began between create and stop and still run. A thread of the test that
// does so on purpose (a client that keeps calling while the plugin stops) declares one of these first thing:
//   std::jthread client([&] { evh::testkit::BystanderThread bystander; ... });
class BystanderThread {
 public:
  BystanderThread();
  ~BystanderThread();
  BystanderThread(const BystanderThread&) = delete;
  BystanderThread& operator=(const BystanderThread&) = delete;

 private:
  pid_t thread_;
};

}  // namespace evh::testkit
