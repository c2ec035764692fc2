#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api_error.h"
#include "chunked_decoder.h"
#include "http_request.h"
#include "line_reader.h"

namespace evh::http_api {

/// What one request may take. Past a bound it is refused as soon as that is known.
struct RequestLimits {
  std::size_t head_bytes =
      16 * 1024;                   ///< request line and headers, with their line ends: else 431 (414 within the line)
  std::size_t header_count = 100;  ///< else 431
  std::size_t target_bytes = 8 * 1024;            ///< else 414
  std::size_t body_bytes = 1024 * 1024;           ///< else 413
  std::size_t chunk_overhead_bytes = 256 * 1024;  ///< of a chunked body, all that is not data: else 413

  /// A buffer of this size holds any request that is accepted.
  constexpr std::size_t buffer_bytes() const noexcept { return head_bytes + body_bytes + chunk_overhead_bytes; }
};

/// Finds where a request of HTTP/1.0 or 1.1 begins and ends, and refuses what two readers could understand in two ways
/// (RFC 9112). Pure: no sockets, no clock. One parser a connection, used by one thread at a time.
///
/// The connection appends what it receives to its buffer and calls parse with all of it from the first byte of the
/// request on. kReady: it answers request(), calls reset(), drops consumed() bytes and parses what remains. kFailed: it
/// answers failure() and closes; nothing behind that point can be trusted. The outcome does not depend on how the bytes
/// were split.
class RequestParser {
 public:
  enum class Status { kNeedMore, kReady, kFailed };

  explicit RequestParser(const RequestLimits& limits = {}) noexcept;

  /// `buffer` holds what it held at the last call for this request, and what has arrived since; it may have moved. The
  /// body of a chunked request is decoded in it. kNeedMore is never the answer to limits.buffer_bytes(). Once ready,
  /// another call only renews the views.
  Status parse(std::span<char> buffer);

  /// kReady: the request, views into `buffer`.
  const HttpRequest& request() const noexcept { return request_; }

  /// kReady: how many bytes of the buffer the request is.
  std::size_t consumed() const noexcept { return consumed_; }

  /// kFailed: the answer to give before the connection is closed.
  const ApiError& failure() const noexcept { return failure_; }

  /// A part of a request is there, and it is time to expect the rest. Empty lines before a request are none of it.
  bool in_progress() const noexcept { return in_progress_; }

  /// The head was accepted; what is missing is the body.
  bool head_complete() const noexcept { return stage_ > Stage::kHeaders && stage_ != Stage::kFailed; }

  /// The client waits for `100 Continue` before it sends the body: send that, and say so with continue_sent().
  bool wants_continue() const noexcept { return head_complete() && stage_ != Stage::kReady && head_.expects_continue; }
  void continue_sent() noexcept { head_.expects_continue = false; }

  /// For the next request, which begins at the first byte of the buffer then. Keeps the memory of the headers.
  void reset() noexcept;

 private:
  enum class Stage { kRequestLine, kHeaders, kSizedBody, kChunkedBody, kReady, kFailed };

  struct Slice {
    std::size_t offset = 0;
    std::size_t size = 0;
  };
  struct HeaderSlices {
    Slice name;
    Slice value;
  };
  // What the head says, as offsets into the buffer.
  struct Head {
    Slice method, target, path, query, host;
    int minor_version = 1;
    bool absolute_target = false;
    bool has_host = false;
    bool has_length = false;
    bool chunked = false;
    bool expects_continue = false;
    bool asks_close = false;
    bool asks_keep_alive = false;
    std::uint64_t length = 0;  // of the body; saturated
  };

  void read_head(std::string_view buffer);
  bool read_request_line(std::string_view line);
  bool read_target(std::string_view method, std::string_view target);
  bool read_header(std::string_view line);
  bool read_known_header(const HeaderLine& header);
  bool read_host(std::string_view value);
  bool read_content_length(std::string_view value);
  bool read_transfer_encoding(std::string_view value);
  bool read_expect(std::string_view value);
  void read_connection(std::string_view value);
  void finish_head();
  void read_chunks(std::span<char> buffer);
  void publish(std::string_view buffer);
  Slice slice(std::string_view part) const noexcept;
  bool fail(int status, std::string_view why);
  bool refuse(int status, std::string details);

  RequestLimits limits_;
  Stage stage_ = Stage::kRequestLine;
  bool in_progress_ = false;
  std::size_t empty_lines_ = 0;  // before the request line
  LineReader lines_;
  const char* base_ = nullptr;  // of the buffer, during a call
  Head head_;
  Slice body_;
  std::vector<HeaderSlices> header_slices_;
  ChunkedDecoder chunks_;
  std::size_t consumed_ = 0;
  HttpRequest request_;
  ApiError failure_;
};

}  // namespace evh::http_api
