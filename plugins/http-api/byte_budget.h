#pragma once

#include <atomic>
#include <cstddef>

namespace evh::http_api {

/// Memory for what clients make large: so much in all, so that many of them together cannot take the machine's. Any
/// thread.
class ByteBudget {
 public:
  /// Buffers up to this size are not counted: every connection has some.
  static constexpr std::size_t kFree = 64 * 1024;

  explicit ByteBudget(std::size_t total) noexcept : left_(total) {}

  /// False: not so much is left, and nothing was taken.
  [[nodiscard]] bool try_take(std::size_t bytes) noexcept {
    std::size_t left = left_.load(std::memory_order_relaxed);
    do {
      if (left < bytes) return false;
    } while (!left_.compare_exchange_weak(left, left - bytes, std::memory_order_relaxed));
    return true;
  }
  void give_back(std::size_t bytes) noexcept { left_.fetch_add(bytes, std::memory_order_relaxed); }

 private:
  std::atomic<std::size_t> left_;
};

}  // namespace evh::http_api
