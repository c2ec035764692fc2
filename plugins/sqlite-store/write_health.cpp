#include "write_health.h"

#include <new>

namespace evh::sqlite_store {

void WriteHealth::works() noexcept {
  if (is_healthy()) return;
  const std::chrono::duration<double> downtime = Clock::now() - since_;
  host_.info("events are stored again", {{"after_sec", downtime.count()}, {"was", why_}});
  health_ = Health::kHealthy;
  why_.clear();
  host_.set_health(Health::kHealthy);
}

void WriteHealth::is_hampered(std::string_view why) noexcept {
  if (health_ == Health::kUnhealthy || (health_ == Health::kDegraded && why_ == why)) return;
  host_.warn("events are stored late", {{"why", why}});
  change(Health::kDegraded, why);
}

void WriteHealth::fails(std::string_view why) noexcept {
  if (health_ == Health::kUnhealthy && why_ == why) return;
  host_.error("events cannot be stored", {{"why", why}});
  change(Health::kUnhealthy, why);
}

void WriteHealth::change(Health health, std::string_view why) noexcept {
  if (is_healthy()) since_ = Clock::now();
  health_ = health;
  try {
    why_ = why;
  } catch (const std::bad_alloc&) {
    why_.clear();  // the next failure is logged, even if it is the same
  }
  host_.set_health(health, why);
}

}  // namespace evh::sqlite_store
