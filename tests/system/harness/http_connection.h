#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "harness/file_descriptor.h"
#include "harness/http_response.h"
#include "harness/patience.h"

namespace evh::system_test {

/// What came instead of an answer.
class ConnectionError : public std::runtime_error {
 public:
  enum class Kind { kRefused, kClosed, kReset, kTimeout, kMalformed };

  ConnectionError(Kind kind, bool answer_began, const std::string& what)
      : std::runtime_error(what), kind_(kind), answer_began_(answer_began) {}

  Kind kind() const noexcept { return kind_; }

  /// A part of the answer had arrived.
  bool answer_began() const noexcept { return answer_began_; }

 private:
  Kind kind_;
  bool answer_began_;
};

/// A client's end of a TCP connection to 127.0.0.1. It sends whatever bytes it is told to, and reads answers strictly.
/// Every call gives up after the connection's patience. Throws ConnectionError.
class HttpConnection {
 public:
  enum class Question { kWithBody, kHead };  ///< an answer to HEAD has no body, whatever its headers say

  struct Options {
    int receive_buffer_bytes = 0;  ///< 0: the system's choice
    Milliseconds patience = kPatience;
  };

  explicit HttpConnection(std::uint16_t port) : HttpConnection(port, Options{}) {}
  HttpConnection(std::uint16_t port, const Options& options);
  HttpConnection(HttpConnection&&) noexcept = default;
  HttpConnection& operator=(HttpConnection&&) noexcept = default;

  /// All of it.
  void send(std::string_view bytes);

  /// Closes the way to the server; answers still come.
  void half_close();

  /// Vanishes with a RST.
  void reset();

  /// Vanishes with a FIN.
  void close();

  /// The next answer, whole. Interim ones (1xx) are answers, too.
  HttpResponse read_response(Question question = Question::kWithBody);

  /// Sends and reads.
  HttpResponse ask(std::string_view request, Question question = Question::kWithBody);

  /// Piece by piece: the head of the next answer, then the parts of its body until there is none. A part is good until
  /// the next call.
  HttpResponse read_head(Question question = Question::kWithBody);
  std::optional<std::string_view> read_body_part();

  /// The server has closed the connection, and sent nothing before that.
  bool is_closed_within(Milliseconds within);

  /// Bytes of an answer have arrived that nobody has read yet, or the end has.
  bool is_readable_within(Milliseconds within);

 private:
  enum class Body { kNone, kLength, kChunks, kUntilClose };

  bool receive_more();  // false: the end
  std::string read_line();
  std::string_view take(std::size_t most);
  std::optional<std::string_view> read_chunk_part();
  [[noreturn]] void fail(ConnectionError::Kind kind, const std::string& what) const;
  bool wait_for(short events, Clock::time_point deadline) const;

  FileDescriptor socket_;
  Milliseconds patience_;
  std::string buffer_;  // received, taken up to at_
  std::size_t at_ = 0;
  std::size_t received_ = 0;  // of the answer being read
  Body body_ = Body::kNone;
  std::uint64_t missing_ = 0;  // of the body, or of the current chunk
  bool in_chunk_ = false;
};

}  // namespace evh::system_test
