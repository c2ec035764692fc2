#include "delivery.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>

namespace evh::http_api {

std::size_t Delivery::outstanding(int fd) const noexcept {
  int queued = 0;
  if (::ioctl(fd, SIOCOUTQ, &queued) != 0 || queued <= 0) return 0;
  // A shutdown takes a sequence number, and counts as a byte until it is acknowledged.
  return static_cast<std::size_t>(queued) - (ended_ ? 1 : 0);
}

bool Delivery::is_stalled(int fd, Clock::time_point now, Clock::duration timeout) noexcept {
  const std::uint64_t taken = sent_ - outstanding(fd);
  if (taken >= taken_ + kLeastProgress) {
    taken_ = taken;
    last_progress_ = now;
  }
  return now - last_progress_ > timeout;
}

}  // namespace evh::http_api
