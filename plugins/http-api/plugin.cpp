#include <chrono>
#include <optional>
#include <string>
#include <thread>

#include "cors.h"
#include "dispatcher.h"
#include "evh/plugin.hpp"
#include "health.h"
#include "list_events.h"
#include "post_event.h"
#include "router.h"
#include "router_service.h"
#include "server.h"
#include "settings.h"
#include "stream_limits.h"
#include "worker_pool.h"

namespace evh::http_api {
namespace {

constexpr std::size_t kMaxQueuedWork = 1024;

// The HTTP API: requests come in through the server, are routed by the dispatcher, and end in one of the handlers.
class HttpApi {
 public:
  explicit HttpApi(Host host)
      : host_(host),
        settings_(host),
        cors_(settings_.cors),
        router_(settings_.server.base_path),
        dispatcher_(router_, cors_),
        stream_limits_(settings_.max_streams, settings_.max_streams_per_client),
        server_(host_, settings_.server, dispatcher_, stream_limits_),
        router_service_(make_router_service(router_)) {
    host_.publish(router_service_);
  }

  void start() {
    const auto& store = host_.need<evh_event_store>();
    const auto& host_info = host_.need<evh_host_info>();
    workers_.emplace(settings_.workers, kMaxQueuedWork);
    dispatcher_.set_workers(&*workers_);
    post_event_.emplace(store, settings_.store_timeout);
    list_events_.emplace(host_, store, *workers_, settings_.server.base_path);

    router_.mount("POST", "/events", EVH_ROUTE_UNDER_BASE, &PostEvent::handle, &*post_event_);
    router_.mount("GET", "/events", EVH_ROUTE_UNDER_BASE, &ListEvents::handle, &*list_events_);
    router_.mount("GET", "/healthz", EVH_ROUTE_QUICK, &answer_healthz, nullptr);
    router_.mount("GET", "/readyz", EVH_ROUTE_QUICK, &answer_readyz, const_cast<evh_host_info*>(&host_info));
    server_.start();
  }

  evh_code drain(Span budget, std::string& left) {
    const std::size_t unfinished = server_.drain(std::chrono::steady_clock::now() + budget);
    if (unfinished == 0) return EVH_OK;
    left = std::to_string(unfinished) + " connections were still being answered";
    return EVH_TIMEOUT;
  }

  void stop() noexcept {
    if (list_events_) list_events_->cancel();
    if (workers_) workers_->stop();
    server_.stop();
  }

 private:
  const Host host_;
  const Settings settings_;
  const CorsPolicy cors_;
  Router router_;
  Dispatcher dispatcher_;
  StreamLimits stream_limits_;
  std::optional<WorkerPool> workers_;
  std::optional<PostEvent> post_event_;
  std::optional<ListEvents> list_events_;
  Server server_;
  const evh_http_router router_service_;
};

constexpr const char* kProvides[] = {EVH_HTTP_ROUTER};
constexpr evh_need kNeeds[] = {required(EVH_EVENT_STORE), required(EVH_HOST_INFO)};

}  // namespace
}  // namespace evh::http_api

EVH_PLUGIN(evh::http_api::HttpApi,
           {.name = "http-api",
            .version = EVH_PLUGIN_VERSION,
            .summary = "HTTP server with the events API, health checks and routes for other plugins",
            .settings = evh::http_api::kSettings,
            .provides = evh::http_api::kProvides,
            .needs = evh::http_api::kNeeds})
