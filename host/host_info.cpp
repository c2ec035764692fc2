#include "host_info.h"

namespace evh::host {

HostInfo::HostInfo()
    : table_{.self = this, .each = [](void* self, void (*sink)(void* ctx, const evh_plugin_info* info), void* ctx) {
               for (const Instance* instance : static_cast<const HostInfo*>(self)->instances_) {
                 instance->describe(sink, ctx);
               }
             }} {}

}  // namespace evh::host
