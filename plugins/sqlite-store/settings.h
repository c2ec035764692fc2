#pragma once

#include <cstddef>
#include <filesystem>

#include "evh/host.hpp"
#include "evh/setting.hpp"

namespace evh::sqlite_store {

constexpr evh_setting kSettings[] = {
    setting::text("path", nullptr, "the database file; it and its folder are created when missing",
                  {.flags = EVH_SETTING_REQUIRED}),
    setting::integer("queue_events", "100000", "events that may wait for the writer; more are refused as overload",
                     {.min = "1", .max = "10000000"}),
    setting::bytes("queue_bytes", "64MiB", "bytes of events that may wait for the writer; more are refused as overload",
                   {.min = "1KiB", .max = "16GiB"}),
    setting::integer("batch_events", "8192", "events in one transaction, at most", {.min = "1", .max = "1000000"}),
    setting::integer("readers", "4", "pages of events that can be read at the same time, each over its own connection",
                     {.min = "1", .max = "64"}),
};

struct Settings {
  std::filesystem::path path;  // absolute
  std::size_t queue_events;
  std::size_t queue_bytes;
  std::size_t batch_events;
  std::size_t readers;

  [[nodiscard]] static Settings read(const Host& host) {
    return {.path = std::filesystem::absolute(host.text("path")),
            .queue_events = static_cast<std::size_t>(host.integer("queue_events")),
            .queue_bytes = host.bytes("queue_bytes"),
            .batch_events = static_cast<std::size_t>(host.integer("batch_events")),
            .readers = static_cast<std::size_t>(host.integer("readers"))};
  }
};

}  // namespace evh::sqlite_store
