// Logs `lines` lines in each of `threads` threads, all at once, then asks for the shutdown.
#include <thread>
#include <vector>

#include "evh/plugin.hpp"

namespace {

class Flooder {
 public:
  explicit Flooder(evh::Host host) : host_(host) {}

  void start() {
    std::vector<std::jthread> threads;
    for (std::int64_t thread = 0; thread < host_.integer("threads"); ++thread) {
      threads.emplace_back([this, thread] {
        for (std::int64_t line = 0; line < host_.integer("lines"); ++line) {
          host_.info("flood", {{"thread", thread}, {"line", line}, {"text", "\"quoted\"\n\xC3\xA9\xFF"}});
        }
      });
    }
    threads.clear();
    if (host_.boolean("ends")) host_.request_shutdown("flooded");
  }

 private:
  evh::Host host_;
};

constexpr evh_setting kSettings[] = {evh::setting::integer("threads", "4", "how many"),
                                     evh::setting::integer("lines", "1000", "of each thread"),
                                     evh::setting::boolean("ends", "true", "whether it asks for the shutdown")};

}  // namespace

EVH_PLUGIN(Flooder, {.name = "flooder", .version = "1.2.3", .summary = "Floods the log", .settings = kSettings})
