#include "event_writer.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <limits>

#include "evh/text.hpp"
#include "json_string.h"
#include "time_format.h"

namespace evh::http_api {
namespace {

void append_integer(std::string& out, std::int64_t value) {
  std::array<char, std::numeric_limits<std::int64_t>::digits10 + 2> buffer;  // all digits and a sign
  const auto [end, status] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  static_cast<void>(status);  // it fits
  out.append(buffer.data(), end);
}

}  // namespace

void append_event_json(std::string& out, const evh_event& event) {
  std::array<char, kTimeTextSize> time;
  out.append(R"({"id":)");
  append_integer(out, event.id);
  out.append(R"(,"user_id":)");
  append_integer(out, event.user_id);
  out.append(R"(,"action":)");
  append_json_string(out, view(event.action));
  out.append(R"(,"metadata":)");
  out.append(view(event.metadata).empty() ? "{}" : view(event.metadata));
  out.append(R"(,"created_at":")");
  out.append(format_time(event.created_at, time));
  out.append(R"("})");
}

}  // namespace evh::http_api
