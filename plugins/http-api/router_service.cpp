#include "router_service.h"

#include <string_view>

#include "evh/error.hpp"
#include "static_files.h"

namespace evh::http_api {
namespace {

Router& router_of(void* self) {
  return *static_cast<Router*>(self);
}

// NULL is no route, which the router says better than a crash.
std::string_view text_of(const char* text) {
  return text == nullptr ? std::string_view() : std::string_view(text);
}

}  // namespace

evh_http_router make_router_service(Router& router) {
  return {
      .self = &router,
      .mount = [](void* self, const char* method, const char* route, std::int32_t flags, evh_http_handler handler,
                  void* ctx, evh_error* error) -> evh_code {
        return guard(error, [&] { router_of(self).mount(text_of(method), text_of(route), flags, handler, ctx); });
      },
      .mount_files = [](void* self, const char* route, const char* folder, const char* fallback, evh_error* error)
          -> evh_code { return guard(error, [&] { mount_static_files(router_of(self), route, folder, fallback); }); },
      .unmount =
          [](void* self, const char* method, const char* route, std::int32_t flags) {
            guard(nullptr, [&] { router_of(self).unmount(text_of(method), text_of(route), flags); });
          },
  };
}

}  // namespace evh::http_api
