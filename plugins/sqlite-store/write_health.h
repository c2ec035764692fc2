// What the writer tells the operator: one health and one log line for each change, however often it happens.
#pragma once

#include <string>
#include <string_view>

#include "append.h"
#include "evh/host.hpp"

namespace evh::sqlite_store {

// Used by the writer's thread only.
class WriteHealth {
 public:
  explicit WriteHealth(Host host) noexcept : host_(host) {}

  void works() noexcept;
  // Slow or waiting; events may still get through.
  void is_hampered(std::string_view why) noexcept;
  // Events cannot be stored.
  void fails(std::string_view why) noexcept;

  [[nodiscard]] bool is_healthy() const noexcept { return health_ == Health::kHealthy; }

 private:
  void change(Health health, std::string_view why) noexcept;

  Host host_;
  Health health_ = Health::kHealthy;
  std::string why_;
  Clock::time_point since_;
};

}  // namespace evh::sqlite_store
