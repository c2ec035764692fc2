#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "api_error.h"
#include "line_reader.h"

namespace evh::http_api {

/// Undoes `Transfer-Encoding: chunked` (RFC 9112, 7.1) in the buffer it arrived in: the data of later chunks is moved
/// up behind that of the first. Extensions and trailers are checked for their form and dropped. Keeps offsets, so that
/// the buffer may move between calls; every byte is looked at once.
class ChunkedDecoder {
 public:
  enum class Status { kNeedMore, kDone, kFailed };

  struct Limits {
    std::size_t body_bytes;
    std::size_t overhead_bytes;  ///< chunk sizes, extensions, line ends and trailers of one message together
  };

  explicit ChunkedDecoder(const Limits& limits) noexcept : limits_(limits) {}

  /// The chunks of the next message begin at `offset` of the buffer.
  void start_at(std::size_t offset) noexcept;

  /// `buffer` holds what it held after the last call, and what has arrived since. kNeedMore is never the answer to a
  /// buffer that holds body_bytes + overhead_bytes behind the start. Once it is done or has failed it stays so until
  /// start_at.
  Status decode(std::span<char> buffer);

  /// The data so far is at [body_offset(), body_offset() + body_size()).
  std::size_t body_offset() const noexcept { return body_offset_; }
  std::size_t body_size() const noexcept { return body_size_; }

  /// kDone: offset of the first byte behind the message.
  std::size_t end() const noexcept { return lines_.position(); }

  /// kFailed: the answer to give before the connection is closed.
  const ApiError& failure() const noexcept { return failure_; }

 private:
  enum class Stage { kSize, kData, kDataEnd, kTrailers, kDone, kFailed };

  bool read_line(std::string_view buffer);
  void read_size(std::string_view line);
  void read_trailer(std::string_view line);
  void take_data(std::span<char> buffer) noexcept;
  void fail(int status, std::string_view why);

  Limits limits_;
  Stage stage_ = Stage::kSize;
  LineReader lines_;
  std::size_t start_ = 0;
  std::size_t body_offset_ = 0;
  std::size_t body_size_ = 0;
  std::size_t data_missing_ = 0;  // of the current chunk
  std::size_t number_ = 1;        // of the current chunk or trailer line, for error texts
  ApiError failure_;
};

}  // namespace evh::http_api
