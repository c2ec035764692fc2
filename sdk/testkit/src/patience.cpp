#include "evh/testkit/patience.h"

#include <thread>

namespace evh::testkit {

bool eventually(const std::function<bool()>& condition, Span patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  return true;
}

}  // namespace evh::testkit
