#include "shutdown_request.h"

#include <utility>

namespace evh::host {

void ShutdownRequest::make(std::string_view why) {
  const std::lock_guard lock(mutex_);
  if (is_made()) return;
  why_ = why.substr(0, 1000);
  is_made_.store(true, std::memory_order_release);
  made_.notify_all();
  if (listener_) listener_();
}

std::string ShutdownRequest::wait() {
  std::unique_lock lock(mutex_);
  made_.wait(lock, [this] { return is_made(); });
  return why_;
}

void ShutdownRequest::listen(std::function<void()> listener) {
  const std::lock_guard lock(mutex_);
  listener_ = std::move(listener);
  if (listener_ && is_made()) listener_();
}

}  // namespace evh::host
