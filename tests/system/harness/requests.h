#pragma once

#include <string>
#include <string_view>

namespace evh::system_test {

/// The bytes of a request of HTTP/1.1. `headers` are whole lines, each with its CRLF.
inline std::string request_bytes(std::string_view method, std::string_view target, std::string_view headers = {},
                                 std::string_view body = {}) {
  std::string bytes(method);
  bytes.append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\n").append(headers);
  if (!body.empty() || method == "POST") {
    bytes.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  }
  return bytes.append("\r\n").append(body);
}

inline std::string get_request(std::string_view target, std::string_view headers = {}) {
  return request_bytes("GET", target, headers);
}

inline std::string post_request(std::string_view body, std::string_view headers = {}) {
  return request_bytes("POST", "/api/events", headers, body);
}

/// The body of a valid event. `action` has no characters that JSON escapes.
inline std::string event_json(std::int64_t user_id, std::string_view action) {
  return std::string(R"({"user_id":)")
      .append(std::to_string(user_id))
      .append(R"(,"action":")")
      .append(action)
      .append(R"("})");
}

/// Every event there can be.
inline constexpr std::string_view kAllEvents = "/api/events?from=0001-01-01&to=9999-12-31";

}  // namespace evh::system_test
