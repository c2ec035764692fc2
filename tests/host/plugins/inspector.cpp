// Logs every instance whose state or health changes, from a thread named "inspector" that waits by the host's clock.
#include <pthread.h>

#include <map>
#include <string>
#include <thread>
#include <utility>

#include "evh/host_info.h"
#include "evh/plugin.hpp"

namespace {

class Inspector {
 public:
  explicit Inspector(evh::Host host) : host_(host) {}
  ~Inspector() { stop(); }
  Inspector(const Inspector&) = delete;
  Inspector& operator=(const Inspector&) = delete;

  void start();
  void stop() noexcept {
    if (thread_.joinable()) thread_.join();
  }

 private:
  void look() {
    info_->each(
        info_->self, [](void* ctx, const evh_plugin_info* info) { static_cast<Inspector*>(ctx)->see(*info); }, this);
  }

  void see(const evh_plugin_info& info) {
    std::pair<int, int>& seen = seen_[std::string(evh::view(info.id))];
    if (seen == std::pair{info.state, info.health}) return;
    seen = {info.state, info.health};
    host_.info("seen", {{"id", evh::view(info.id)},
                        {"name", evh::view(info.name)},
                        {"state", info.state},
                        {"health", info.health},
                        {"why", evh::view(info.why)},
                        {"settings", evh::view(info.settings_json)}});
  }

  evh::Host host_;
  const evh_host_info* info_ = nullptr;
  std::map<std::string, std::pair<int, int>> seen_;
  std::thread thread_;
};

void Inspector::start() {
  info_ = &host_.need<evh_host_info>();
  thread_ = std::thread([this] {
    pthread_setname_np(pthread_self(), "inspector");
    constexpr std::chrono::milliseconds kPause{5};
    while (host_.wait_until(host_.now() + kPause)) look();
    host_.info("wait cancelled");
  });
}

constexpr evh_need kNeeds[] = {evh::required(EVH_HOST_INFO)};

}  // namespace

EVH_PLUGIN(Inspector, {.name = "inspector", .version = "1.2.3", .summary = "Looks at the others", .needs = kNeeds})
