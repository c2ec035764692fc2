// evh.host-info/1, the service that the host itself provides.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "evh/host_info.h"
#include "instance.h"

namespace evh::host {

class HostInfo {
 public:
  HostInfo();
  HostInfo(const HostInfo&) = delete;
  HostInfo& operator=(const HostInfo&) = delete;

  // [before the first start] In the order of their start; borrowed.
  void show(std::vector<const Instance*> instances) { instances_ = std::move(instances); }

  [[nodiscard]] const evh_host_info* table() const noexcept { return &table_; }

 private:
  evh_host_info table_;
  std::vector<const Instance*> instances_;
};

}  // namespace evh::host
