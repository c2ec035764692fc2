#include "harness/http_connection.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <system_error>

namespace evh::system_test {
namespace {

using Kind = ConnectionError::Kind;

std::uint64_t parse_number(std::string_view text, int base) {
  std::uint64_t value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (status != std::errc() || end != text.data() + text.size()) {
    throw std::runtime_error("not a number: " + std::string(text));
  }
  return value;
}

Kind kind_of(int error) {
  switch (error) {
    case ECONNREFUSED:
      return Kind::kRefused;
    case EAGAIN:
    case ETIMEDOUT:
      return Kind::kTimeout;
    default:
      return Kind::kReset;
  }
}

}  // namespace

HttpConnection::HttpConnection(std::uint16_t port, const Options& options)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)), patience_(options.patience) {
  if (!socket_.is_open()) throw std::system_error(errno, std::generic_category(), "socket");
  if (options.receive_buffer_bytes > 0) {
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &options.receive_buffer_bytes, sizeof(int));
  }
  const int on = 1;
  ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);

  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int problem = 0;
  if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) problem = errno;
  if (problem == EINPROGRESS) {
    if (!wait_for(POLLOUT, Clock::now() + patience_)) fail(Kind::kTimeout, "no connection");
    socklen_t size = sizeof problem;
    ::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &problem, &size);
  }
  if (problem != 0) fail(kind_of(problem), std::string("cannot connect: ") + std::strerror(problem));
}

void HttpConnection::send(std::string_view bytes) {
  received_ = 0;
  const auto deadline = Clock::now() + patience_;
  while (!bytes.empty()) {
    const ssize_t count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno != EAGAIN) {
      fail(kind_of(errno), std::string("cannot send: ") + std::strerror(errno));
    } else if (!wait_for(POLLOUT, deadline)) {
      fail(Kind::kTimeout, "the server takes no more bytes");
    }
  }
}

void HttpConnection::half_close() {
  ::shutdown(socket_.get(), SHUT_WR);
}

void HttpConnection::reset() {
  const linger at_once{1, 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  socket_.close();
}

void HttpConnection::close() {
  socket_.close();
}

HttpResponse HttpConnection::ask(std::string_view request, Question question) {
  send(request);
  return read_response(question);
}

HttpResponse HttpConnection::read_response(Question question) {
  HttpResponse response = read_head(question);
  while (const auto part = read_body_part()) response.body.append(*part);
  return response;
}

HttpResponse HttpConnection::read_head(Question question) {
  received_ = buffer_.size() - at_;
  std::string head;
  for (std::string line = read_line(); !line.empty(); line = read_line()) head += line + "\r\n";
  try {
    HttpResponse response = parse_response_head(head);
    const bool has_length = response.has_header("Content-Length");
    const bool has_chunks = response.has_header("Transfer-Encoding");
    if (has_length && has_chunks) throw std::runtime_error("both Content-Length and Transfer-Encoding");
    if (has_chunks && response.header("Transfer-Encoding") != "chunked") throw std::runtime_error("unknown coding");
    missing_ = has_length ? parse_number(response.header("Content-Length"), 10) : 0;
    in_chunk_ = false;
    if (question == Question::kHead || response.status < 200 || response.status == 204 || response.status == 304) {
      body_ = Body::kNone;
    } else {
      body_ = has_length ? Body::kLength : has_chunks ? Body::kChunks : Body::kUntilClose;
    }
    return response;
  } catch (const std::runtime_error& error) {
    fail(Kind::kMalformed, std::string(error.what()) + " in\n" + head);
  }
}

std::optional<std::string_view> HttpConnection::read_body_part() {
  switch (body_) {
    case Body::kNone:
      return std::nullopt;
    case Body::kLength:
      if (missing_ == 0) return std::nullopt;
      if (at_ == buffer_.size() && !receive_more()) fail(Kind::kClosed, "the body is shorter than Content-Length");
      return take(missing_);
    case Body::kChunks:
      return read_chunk_part();
    case Body::kUntilClose:
      if (at_ == buffer_.size() && !receive_more()) return std::nullopt;
      missing_ = buffer_.size() - at_;
      return take(missing_);
  }
  return std::nullopt;
}

std::optional<std::string_view> HttpConnection::read_chunk_part() {
  if (missing_ == 0) {
    if (in_chunk_ && !read_line().empty()) fail(Kind::kMalformed, "no line end behind a chunk");
    const std::string size = read_line();
    try {
      missing_ = parse_number(size, 16);
    } catch (const std::runtime_error& error) {
      fail(Kind::kMalformed, std::string("chunk size: ") + error.what());
    }
    in_chunk_ = true;
    if (missing_ == 0) {
      if (!read_line().empty()) fail(Kind::kMalformed, "trailers that nobody asked for");
      body_ = Body::kNone;
      return std::nullopt;
    }
  }
  if (at_ == buffer_.size() && !receive_more()) fail(Kind::kClosed, "closed within a chunk");
  return take(missing_);
}

bool HttpConnection::is_closed_within(Milliseconds within) {
  if (at_ < buffer_.size()) return false;
  if (!wait_for(POLLIN, Clock::now() + within)) return false;
  char byte = 0;
  const ssize_t count = ::recv(socket_.get(), &byte, 1, MSG_PEEK);
  return count == 0 || (count < 0 && errno != EAGAIN);
}

bool HttpConnection::is_readable_within(Milliseconds within) {
  return at_ < buffer_.size() || wait_for(POLLIN, Clock::now() + within);
}

bool HttpConnection::receive_more() {
  if (at_ == buffer_.size()) {
    buffer_.clear();
    at_ = 0;
  }
  if (!wait_for(POLLIN, Clock::now() + patience_)) fail(Kind::kTimeout, "nothing comes");
  std::array<char, 64 * 1024> bytes;
  const ssize_t count = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
  if (count < 0) fail(kind_of(errno), std::string("cannot receive: ") + std::strerror(errno));
  buffer_.append(bytes.data(), static_cast<std::size_t>(count));
  received_ += static_cast<std::size_t>(count);
  return count > 0;
}

std::string HttpConnection::read_line() {
  std::size_t searched = at_;
  for (;;) {
    const std::size_t end = buffer_.find("\r\n", searched);
    if (end != std::string::npos) {
      std::string line = buffer_.substr(at_, end - at_);
      at_ = end + 2;
      return line;
    }
    const std::size_t known = buffer_.size() - at_;
    if (!receive_more()) fail(Kind::kClosed, "closed before the answer was whole");
    searched = at_ + (known > 0 ? known - 1 : 0);
  }
}

std::string_view HttpConnection::take(std::size_t most) {
  const std::size_t size = std::min(most, buffer_.size() - at_);
  const std::string_view part(buffer_.data() + at_, size);
  at_ += size;
  missing_ -= size;
  return part;
}

void HttpConnection::fail(Kind kind, const std::string& what) const {
  constexpr std::size_t kShown = 400;
  std::string text = what + "; " + std::to_string(received_) + " bytes of the answer had arrived";
  const std::string_view rest = std::string_view(buffer_).substr(at_, kShown);
  if (!rest.empty()) text.append(", the last not read: ").append(rest);
  throw ConnectionError(kind, received_ > 0, text);
}

bool HttpConnection::wait_for(short events, Clock::time_point deadline) const {
  pollfd socket{socket_.get(), events, 0};
  for (;;) {
    const auto left = std::chrono::ceil<Milliseconds>(deadline - Clock::now());
    const int ready = ::poll(&socket, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

}  // namespace evh::system_test
