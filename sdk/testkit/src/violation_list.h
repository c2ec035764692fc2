// What a fake saw of broken contract, told from many threads.
#pragma once

#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace evh::testkit {

class ViolationList {
 public:
  void report(std::string what) {
    const std::lock_guard lock(mutex_);
    lines_.push_back(std::move(what));
  }
  [[nodiscard]] std::vector<std::string> lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

}  // namespace evh::testkit
