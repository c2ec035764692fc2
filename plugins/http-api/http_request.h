#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "evh/http_message.h"
#include "evh/text.hpp"
#include "http_syntax.h"

namespace evh::http_api {

/// One request, framed and checked for its form. All of it are views into the receive buffer, valid until that is
/// consumed, moved or overwritten.
struct HttpRequest {
  std::string_view method;          ///< any token
  std::string_view target;          ///< as sent
  std::string_view path;            ///< begins with '/', still percent-encoded; "*" for OPTIONS *
  std::string_view query;           ///< behind the first '?', still percent-encoded
  std::string_view host;            ///< with its port; of an absolute target, else of the Host header; may be empty
  int minor_version = 1;            ///< of HTTP/1.x: 0 or 1
  std::vector<evh_header> headers;  ///< in the order sent, values trimmed; chunked trailers are dropped
  std::string_view body;            ///< chunks undone
  bool keep_alive = true;           ///< the client wants the connection to stay open
};

/// The first value of that name, in any case; nullopt when there is none.
inline std::optional<std::string_view> find_header(const HttpRequest& request, std::string_view name) noexcept {
  for (const evh_header& header : request.headers) {
    if (equals_ignoring_case(view(header.name), name)) return view(header.value);
  }
  return std::nullopt;
}

}  // namespace evh::http_api
