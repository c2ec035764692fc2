// The evh_host table that leads into a PluginInstance.
#pragma once

#include "evh/host.h"

namespace evh::testkit {

class PluginInstance;

// `instance` must outlive the table.
[[nodiscard]] evh_host make_host_table(PluginInstance& instance);

}  // namespace evh::testkit
