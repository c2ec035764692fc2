// Whether, and why, the process is to end.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace evh::host {

// All functions are for any thread.
class ShutdownRequest {
 public:
  // The first one counts; `why` is cut at 1000 bytes.
  void make(std::string_view why);
  [[nodiscard]] bool is_made() const noexcept { return is_made_.load(std::memory_order_acquire); }
  // Blocks until it is made; returns why.
  [[nodiscard]] std::string wait();

  // `listener` is called once it is made, at once when it has been already; it must not call this object. Replaces the
  // listener before; when this returns, that one runs no more.
  void listen(std::function<void()> listener);

 private:
  std::atomic<bool> is_made_ = false;
  std::mutex mutex_;
  std::condition_variable made_;
  std::string why_;
  std::function<void()> listener_;
};

}  // namespace evh::host
