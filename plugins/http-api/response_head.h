#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "evh/http_message.h"

namespace evh::http_api {

/// How the client finds the end of the body.
enum class BodyEnd {
  kLength,  ///< Content-Length
  kChunks,  ///< Transfer-Encoding: chunked; clients of HTTP/1.1 only
  kClose,   ///< with the connection, which must be closed then: streams to clients of HTTP/1.0
};

/// What the answer says of the connection.
enum class Persistence {
  kOpen,       ///< nothing, which is to stay open in HTTP/1.1
  kClose,      ///< Connection: close
  kKeepAlive,  ///< Connection: keep-alive, for clients of HTTP/1.0 that asked
};

struct ResponseHead {
  int status = 200;                     ///< 200 to 599; another is sent as 500
  std::string_view date = {};           ///< DateCache's
  BodyEnd body_end = BodyEnd::kLength;  ///< not written for 204 and 304, which have no body
  std::uint64_t length = 0;             ///< of the body, also when a HEAD leaves it out
  Persistence persistence = Persistence::kOpen;
  std::span<const evh_header> headers = {};         ///< from a handler
  std::span<const evh_header> server_headers = {};  ///< from the server itself: X-Request-Id, CORS
};

/// Appends status line and headers with the empty line behind them. A header with a name that is no token, or with a
/// control character but tab in its value, never reaches the wire, nor does one of a handler that is the server's to
/// write (Content-Length, Transfer-Encoding, Connection, Date, X-Request-Id). Returns how many were left out so.
std::size_t append_response_head(std::string& out, const ResponseHead& head);

/// What is sent for a handler's status: itself, or 500 when it is none of a final answer.
constexpr int sent_status(int status) noexcept {
  return status >= 200 && status <= 599 ? status : 500;
}

/// An answer with this status ends behind its head, whatever the headers say (RFC 9112, 6.3): bytes of a body would be
/// taken for the next answer.
constexpr bool has_no_body(int status) noexcept {
  return status == 204 || status == 304;
}

/// The interim answer to a request that wants_continue().
inline constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

/// One chunk of a body that ends with chunks. Of no data: nothing, for an empty chunk would be the end.
void append_chunk(std::string& out, std::string_view data);

/// The end of a body that is whole. One that is not must be cut off without it.
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

/// The standard phrase of a status; empty when it has none.
std::string_view reason_phrase(int status) noexcept;

}  // namespace evh::http_api
