// Ends of the process that nobody asked for: a plugin calls exit(), an exception leaves a thread, a destructor that
// runs at exit hangs. Each gives an exit code that is not 0, and a line that names the plugin where that can be known.
#pragma once

#include <chrono>
#include <string_view>

#include "log.h"

namespace evh::host {

// While it lives, this thread is inside of a plugin.
class CallInHand {
 public:
  // Both are borrowed. `plugin` is an id of the configuration or a file; `step` what it was called for.
  CallInHand(std::string_view plugin, std::string_view step) noexcept;
  CallInHand(const CallInHand&) = delete;
  CallInHand& operator=(const CallInHand&) = delete;
  ~CallInHand();
};

// While it lives, exit() and std::terminate() are reported: to the log when there is one, else to stderr. There is at
// most one at a time.
class ProcessEndReport {
 public:
  ProcessEndReport();
  ProcessEndReport(const ProcessEndReport&) = delete;
  ProcessEndReport& operator=(const ProcessEndReport&) = delete;
  ~ProcessEndReport();

  // While it lives, the reports go to the log, which is borrowed.
  class ToLog {
   public:
    explicit ToLog(Log& log) noexcept;
    ToLog(const ToLog&) = delete;
    ToLog& operator=(const ToLog&) = delete;
    ~ToLog();
  };
};

// From now on the process has `patience` to end: what libraries left to be done at exit is not waited for any longer.
void end_within(std::chrono::milliseconds patience);

}  // namespace evh::host
