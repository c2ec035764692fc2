// Routes that a test mounts, as another plugin would.
#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <string>
#include <string_view>

#include "plugin_test.h"

namespace evh::http_api_test {

using Handler = std::function<void(const evh_request&, const evh_responder&)>;

inline void respond(const evh_responder& responder, int status, std::string_view body,
                    std::vector<evh_header> headers = {}) {
  responder.respond(responder.self, status, headers.data(), headers.size(), str(body));
}

/// Keeps an answer open beyond the handler; may be answered and released on any thread.
class Retained {
 public:
  explicit Retained(const evh_responder& responder) : responder_(&responder) { responder.retain(responder.self); }
  Retained(Retained&& other) noexcept : responder_(std::exchange(other.responder_, nullptr)) {}
  Retained& operator=(Retained&&) = delete;
  ~Retained() {
    if (responder_ != nullptr) responder_->release(responder_->self);
  }
  const evh_responder& operator*() const noexcept { return *responder_; }

 private:
  const evh_responder* responder_;
};

class RouteTest : public PluginTest {
 protected:
  ~RouteTest() override {
    // As a plugin does in stop, which comes before that of http-api.
    if (plugin_) unmount_all();
  }

  /// Mounts until the end of the test.
  void mount(std::string method, std::string route, std::int32_t flags, Handler handler) {
    Mounted& mounted = mounted_.emplace_back(Mounted{std::move(method), std::move(route), flags, std::move(handler)});
    evh_error error{};
    const evh_code code = router().mount(router().self, mounted.method.c_str(), mounted.route.c_str(), flags,
                                         &RouteTest::handle, &mounted, &error);
    ASSERT_EQ(code, EVH_OK) << error.message;
  }

  evh_code try_mount(const char* method, const char* route, std::int32_t flags, evh_http_handler handler) {
    return router().mount(router().self, method, route, flags, handler, nullptr, nullptr);
  }

  void unmount(const char* method, const char* route, std::int32_t flags = EVH_ROUTE_QUICK) {
    router().unmount(router().self, method, route, flags);
  }

  void unmount_all() {
    for (const Mounted& mounted : mounted_) unmount(mounted.method.c_str(), mounted.route.c_str(), mounted.flags);
    mounted_.clear();
  }

 private:
  struct Mounted {
    std::string method, route;
    std::int32_t flags;
    Handler handler;
  };

  static void handle(void* mounted, const evh_request* request, const evh_responder* responder) {
    static_cast<Mounted*>(mounted)->handler(*request, *responder);
  }

  std::list<Mounted> mounted_;
};

}  // namespace evh::http_api_test
