// A plugin in C++ that behaves: every `interval` it appends an event to the store, from a thread of its own.
#include <cstdint>
#include <future>
#include <string>
#include <thread>

#include "evh/plugin.hpp"

namespace {

constexpr evh_setting kSettings[] = {
    evh::setting::duration("interval", "10s", "time between two events", {.min = "1ms", .max = "1d"}),
    evh::setting::text("action", nullptr, "action of the events", {.flags = EVH_SETTING_REQUIRED}),
};
constexpr evh_need kNeeds[] = {evh::required(EVH_EVENT_STORE)};

class Ticker {
 public:
  explicit Ticker(evh::Host host) : host_(host), interval_(host.duration("interval")), action_(host.text("action")) {}

  void start() {
    store_ = &host_.need<evh_event_store>();
    if (action_ == "forbidden") throw evh::Error(EVH_INVALID, "the action 'forbidden' is forbidden");
    thread_ = std::thread([this] { tick(); });
  }

  evh_code drain(evh::Span, std::string&) {
    join();
    return EVH_OK;
  }

  void stop() noexcept { join(); }

 private:
  void tick() {
    for (evh::Time due = host_.now() + interval_; host_.wait_until(due); due += interval_) append(due);
  }

  void append(evh::Time at) {
    const evh_new_event event = {1, evh::str(action_), evh::str("{}"), evh::raw(at)};
    std::promise<evh_code> outcome;
    store_->append(
        store_->self, &event, 1, 1'000'000,
        [](void* ctx, const evh_error* error, const std::int64_t*, const evh_code*, std::size_t) {
          static_cast<std::promise<evh_code>*>(ctx)->set_value(error->code);
        },
        &outcome);
    const evh_code code = outcome.get_future().get();
    if (code == EVH_OK) {
      host_.set_health(evh::Health::kHealthy);
      host_.info("ticked", {{"at", evh::raw(at)}});
    } else {
      host_.set_health(evh::Health::kDegraded, "an event could not be stored");
    }
  }

  void join() noexcept {
    if (thread_.joinable()) thread_.join();
  }

  evh::Host host_;
  evh::Span interval_;
  std::string action_;
  const evh_event_store* store_ = nullptr;
  std::thread thread_;
};

}  // namespace

EVH_PLUGIN(Ticker, {.name = "ticker",
                    .version = "1.2.3",
                    .summary = "Appends an event every so often",
                    .settings = kSettings,
                    .needs = kNeeds})
