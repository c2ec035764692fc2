// A store that stores nothing: it tells every event durable at once. With it the benchmark measures what the server
// itself costs, from the first byte of a request to the last of its answer.
#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

#include "evh/event_store.h"
#include "evh/plugin.hpp"

namespace {

class NullStore {
 public:
  explicit NullStore(evh::Host host) : table_{this, &append, &scan} { host.publish(table_); }
  NullStore(const NullStore&) = delete;
  NullStore& operator=(const NullStore&) = delete;

 private:
  static void append(void* self, const evh_new_event* /*events*/, std::size_t count, evh_span /*max_wait*/,
                     evh_append_done done, void* ctx) noexcept {
    auto& next_id = static_cast<NullStore*>(self)->next_id_;
    const evh_error none{};
    if (count == 1) {  // what every request is; it must not pay for an allocation
      const std::int64_t id = next_id.fetch_add(1, std::memory_order_relaxed);
      done(ctx, &none, &id, nullptr, 1);
      return;
    }
    std::vector<std::int64_t> ids(count);
    std::int64_t id = next_id.fetch_add(static_cast<std::int64_t>(count), std::memory_order_relaxed);
    for (std::int64_t& each : ids) each = id++;
    done(ctx, &none, ids.data(), nullptr, count);
  }

  static evh_code scan(void* /*self*/, const evh_scan* /*query*/, evh_event_sink /*sink*/, evh_cancelled /*cancelled*/,
                       void* /*ctx*/, evh_error* /*error*/) noexcept {
    return EVH_OK;
  }

  std::atomic<std::int64_t> next_id_ = 1;
  const evh_event_store table_;
};

constexpr const char* kProvides[] = {EVH_EVENT_STORE};

}  // namespace

EVH_PLUGIN(NullStore, {.name = "null-store",
                       .version = "1.0.0",
                       .summary = "Keeps no event and tells each of them stored; for measurements only",
                       .provides = kProvides})
