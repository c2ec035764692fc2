#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api_error.h"
#include "evh/text.hpp"
#include "request_parser.h"

namespace evh::http_api::test {

struct FramedRequest {
  std::string method, target, path, query, host;
  int minor_version = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  bool keep_alive = false;
  std::size_t consumed = 0;

  bool operator==(const FramedRequest&) const = default;
};

/// What a connection gets out of all bytes it has received.
struct Outcome {
  std::vector<FramedRequest> requests;
  ApiError failure{0, "", ""};  // status 0: none
  std::size_t left = 0;         // bytes behind the last whole request
  bool in_progress = false;
  bool head_complete = false;
  bool wants_continue = false;
  bool kept_its_promises = true;  // consumed() within the buffer, buffer_bytes() enough

  bool operator==(const Outcome&) const = default;
};

/// Plays a connection: a buffer that moves with every byte that arrives, and ends exactly where the bytes end, so that
/// AddressSanitizer sees a view that is stale and a read that goes too far.
class Connection {
 public:
  explicit Connection(const RequestLimits& limits) : limits_(limits), parser_(limits) {}

  void receive(std::string_view bytes) {
    if (outcome_.failure.status != 0) return;
    auto moved = std::make_unique<char[]>(size_ + bytes.size());
    std::copy_n(buffer_.get(), size_, moved.get());
    std::copy(bytes.begin(), bytes.end(), moved.get() + size_);
    buffer_ = std::move(moved);
    size_ += bytes.size();
    while (take_request()) {
    }
  }

  Outcome outcome() const {
    Outcome result = outcome_;
    if (result.failure.status != 0) return result;  // nothing else is promised then
    result.left = size_;
    result.in_progress = parser_.in_progress();
    result.head_complete = parser_.head_complete();
    result.wants_continue = parser_.wants_continue();
    return result;
  }

 private:
  bool take_request() {
    switch (parser_.parse({buffer_.get(), size_})) {
      case RequestParser::Status::kNeedMore:
        outcome_.kept_its_promises &= size_ < limits_.buffer_bytes();
        return false;
      case RequestParser::Status::kFailed:
        outcome_.failure = parser_.failure();
        size_ = 0;
        return false;
      case RequestParser::Status::kReady:
        break;
    }
    const std::size_t consumed = parser_.consumed();
    outcome_.kept_its_promises &= consumed > 0 && consumed <= size_ && consumed <= limits_.buffer_bytes();
    outcome_.requests.push_back(copy(parser_.request(), consumed));
    parser_.reset();
    size_ -= consumed;
    auto moved = std::make_unique<char[]>(size_);
    std::copy_n(buffer_.get() + consumed, size_, moved.get());
    buffer_ = std::move(moved);
    return size_ > 0;
  }

  static FramedRequest copy(const HttpRequest& request, std::size_t consumed) {
    FramedRequest out;
    out.method = request.method;
    out.target = request.target;
    out.path = request.path;
    out.query = request.query;
    out.host = request.host;
    out.minor_version = request.minor_version;
    for (const evh_header& header : request.headers) out.headers.emplace_back(view(header.name), view(header.value));
    out.body = request.body;
    out.keep_alive = request.keep_alive;
    out.consumed = consumed;
    return out;
  }

  RequestLimits limits_;
  RequestParser parser_;
  std::unique_ptr<char[]> buffer_ = std::make_unique<char[]>(0);
  std::size_t size_ = 0;
  Outcome outcome_;
};

inline Outcome feed_whole(std::string_view bytes, const RequestLimits& limits = {}) {
  Connection connection(limits);
  connection.receive(bytes);
  return connection.outcome();
}

/// `cuts`: offsets, ascending.
inline Outcome feed_split(std::string_view bytes, const std::vector<std::size_t>& cuts,
                          const RequestLimits& limits = {}) {
  Connection connection(limits);
  std::size_t from = 0;
  for (const std::size_t cut : cuts) {
    connection.receive(bytes.substr(from, cut - from));
    from = cut;
  }
  connection.receive(bytes.substr(from));
  return connection.outcome();
}

inline Outcome feed_byte_by_byte(std::string_view bytes, const RequestLimits& limits = {}) {
  Connection connection(limits);
  for (std::size_t at = 0; at < bytes.size(); ++at) connection.receive(bytes.substr(at, 1));
  return connection.outcome();
}

}  // namespace evh::http_api::test
