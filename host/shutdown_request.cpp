#include "shutdown_request.h"

namespace evh::host {

void ShutdownRequest::make(std::string_view why) {
  const std::lock_guard lock(mutex_);
  if (is_made()) return;
  why_ = why.substr(0, 1000);
  is_made_.store(true, std::memory_order_release);
  made_.notify_all();
}

std::string ShutdownRequest::wait() {
  std::unique_lock lock(mutex_);
  made_.wait(lock, [this] { return is_made(); });
  return why_;
}

}  // namespace evh::host
