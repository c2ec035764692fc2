// A request to the fake router, and what its client has got of the answer.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace evh::testkit {

struct HttpHeader {
  std::string name, value;

  friend bool operator==(const HttpHeader&, const HttpHeader&) = default;
};

struct HttpRequest {
  std::string method = "GET";
  std::string target = "/";  // path and query, as a client sends them
  std::string body = {};
  std::vector<HttpHeader> headers = {};
  std::string client_ip = "127.0.0.1";
  bool stalls = false;  // the client takes nothing of a stream until HttpExchange::resume
};

struct HttpAnswer {
  std::int32_t status = 0;  // 0: none yet
  std::vector<HttpHeader> headers;
  std::string body;
  bool is_stream = false;
  bool is_complete = false;  // false: not over yet, or cut

  // The first one of this name, in whatever case; empty when there is none.
  [[nodiscard]] std::string header(std::string_view name) const;
};

std::ostream& operator<<(std::ostream& out, const HttpAnswer& answer);

}  // namespace evh::testkit
