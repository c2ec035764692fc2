// SIGTERM and SIGINT: the first ends the process gracefully, the second at once. So does the first one while there is
// nothing to end gracefully.
#pragma once

#include <atomic>
#include <thread>

#include "log.h"
#include "shutdown_request.h"

namespace evh::host {

// [before any thread is created] Every thread inherits it: signals go to the watcher alone. SIGPIPE and SIGXFSZ are
// ignored: a peer that is gone and a file that may not grow are error codes.
void block_signals();

class SignalWatcher {
 public:
  // Borrows it. Ending at once means exit code 128 + the signal's number.
  explicit SignalWatcher(ShutdownRequest& shutdown);
  SignalWatcher(const SignalWatcher&) = delete;
  SignalWatcher& operator=(const SignalWatcher&) = delete;
  // Lets signals end the process as they do by themselves again.
  ~SignalWatcher();

  // From now on the first signal ends the process gracefully. Borrows it, as long as this object lives.
  void begin_gracefully(Log& log) noexcept { log_ = &log; }

 private:
  void watch();

  ShutdownRequest& shutdown_;
  std::atomic<Log*> log_ = nullptr;
  const int signals_;  // a signalfd
  const int stop_;     // an eventfd
  std::thread watcher_;
};

}  // namespace evh::host
