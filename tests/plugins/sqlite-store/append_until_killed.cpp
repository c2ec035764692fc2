// Appends events until it is killed, and tells each one that was stored on its standard output, one number a line.
//
//   append_until_killed DATABASE FIRST-NUMBER
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "evh/event_store.h"
#include "evh/testkit/stored_event.h"
#include "evh/testkit/test_host.h"

namespace {

constexpr std::size_t kInFlight = 16;

// The numbers of the events that were stored since the last take().
class Stored {
 public:
  void put(std::int64_t number) {
    const std::lock_guard lock(mutex_);
    numbers_.push_back(number);
    changed_.notify_one();
  }
  std::vector<std::int64_t> take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !numbers_.empty(); });
    return std::exchange(numbers_, {});
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::int64_t> numbers_;
};

struct Event {
  Stored* stored;
  std::int64_t number;
  evh::testkit::NewEvent event;
  evh_new_event lent;

  void append(const evh_event_store& store) {
    event = {.user_id = number,
             .action = "event-" + std::to_string(number),
             .metadata = R"({"x":")" + std::string(static_cast<std::size_t>(number * 7919 % 6000), 'x') + R"("})"};
    lent = event.lent();
    store.append(store.self, &lent, 1, 60'000'000, &Event::done, this);
  }

  static void done(void* ctx, const evh_error* error, const std::int64_t*, const evh_code*, std::size_t) {
    if (error->code != EVH_OK) {
      std::cerr << "append failed: " << error->message << std::endl;
      std::_Exit(EXIT_FAILURE);
    }
    Event& self = *static_cast<Event*>(ctx);
    self.stored->put(self.number);
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return EXIT_FAILURE;
  std::int64_t next = std::atoll(argv[2]);
  evh::testkit::TestHost host;
  auto plugin = host.load(SQLITE_STORE_SO, {{"path", argv[1]}});
  plugin.create_and_start();
  const auto& store = plugin.service<evh_event_store>();

  Stored stored;
  std::vector<Event> events(kInFlight);
  for (Event& event : events) {
    event.stored = &stored;
    event.number = next++;
    event.append(store);
  }
  while (true) {
    std::string lines;
    for (const std::int64_t number : stored.take()) {
      lines += std::to_string(number) + '\n';
      Event& event = *std::find_if(events.begin(), events.end(), [&](const Event& e) { return e.number == number; });
      event.number = next++;
      event.append(store);
    }
    if (write(STDOUT_FILENO, lines.data(), lines.size()) != static_cast<ssize_t>(lines.size())) return EXIT_FAILURE;
  }
}
