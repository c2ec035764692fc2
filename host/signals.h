// SIGTERM and SIGINT: the first ends the process gracefully, the second at once.
#pragma once

#include <thread>

#include "log.h"
#include "shutdown_request.h"

namespace evh::host {

// [before any thread is created] Every thread inherits it: signals go to the watcher alone. SIGPIPE is ignored: a peer
// that is gone is an error code.
void block_signals();

class SignalWatcher {
 public:
  // Borrows both. The second signal exits with 128 + its number.
  SignalWatcher(ShutdownRequest& shutdown, Log& log);
  SignalWatcher(const SignalWatcher&) = delete;
  SignalWatcher& operator=(const SignalWatcher&) = delete;
  ~SignalWatcher();

 private:
  void watch();

  ShutdownRequest& shutdown_;
  Log& log_;
  const int signals_;  // a signalfd
  const int stop_;     // an eventfd
  std::thread watcher_;
};

}  // namespace evh::host
