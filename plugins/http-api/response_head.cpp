#include "response_head.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "evh/text.hpp"
#include "http_syntax.h"

namespace evh::http_api {
namespace {

constexpr std::size_t kMostDigits = 20;  // of 64 bits

// Everything that is not an extra header: status line, Date, length, Connection, empty line.
constexpr std::size_t kFixedBytes = 256;

bool is_servers_to_write(std::string_view name) {
  switch (name.size()) {
    case 4:
      return equals_ignoring_case(name, "Date");
    case 10:
      return equals_ignoring_case(name, "Connection");
    case 12:
      return equals_ignoring_case(name, "X-Request-Id");
    case 14:
      return equals_ignoring_case(name, "Content-Length");
    case 17:
      return equals_ignoring_case(name, "Transfer-Encoding");
    default:
      return false;
  }
}

bool is_safe(const evh_header& header) {
  const std::string_view value = view(header.value);
  return is_token(view(header.name)) && find_control(value, 0) == value.size();
}

std::size_t wire_size(std::span<const evh_header> headers) {
  std::size_t size = 0;
  for (const evh_header& header : headers) size += view(header.name).size() + view(header.value).size() + 4;
  return size;
}

// Writes into room that was made before.
class Pen {
 public:
  explicit Pen(char* at) noexcept : at_(at) {}

  void write(std::string_view text) noexcept { at_ = std::copy(text.begin(), text.end(), at_); }
  void write(std::uint64_t number) noexcept { at_ = std::to_chars(at_, at_ + kMostDigits, number).ptr; }
  void write(const evh_header& header) noexcept {
    write(view(header.name));
    write(": ");
    write(view(header.value));
    write("\r\n");
  }
  char* at() const noexcept { return at_; }

 private:
  char* at_;
};

void write_body_end(Pen& pen, const ResponseHead& head, int status) {
  if (has_no_body(status)) return;
  switch (head.body_end) {
    case BodyEnd::kClose:
      return;
    case BodyEnd::kChunks:
      return pen.write("Transfer-Encoding: chunked\r\n");
    case BodyEnd::kLength:
      pen.write("Content-Length: ");
      pen.write(head.length);
      pen.write("\r\n");
  }
}

void write_persistence(Pen& pen, Persistence persistence) {
  switch (persistence) {
    case Persistence::kOpen:
      return;
    case Persistence::kClose:
      return pen.write("Connection: close\r\n");
    case Persistence::kKeepAlive:
      return pen.write("Connection: keep-alive\r\n");
  }
}

}  // namespace

std::size_t append_response_head(std::string& out, const ResponseHead& head) {
  const int status = sent_status(head.status);
  const std::size_t start = out.size();
  out.resize(start + kFixedBytes + head.date.size() + wire_size(head.headers) + wire_size(head.server_headers));

  Pen pen(out.data() + start);
  pen.write("HTTP/1.1 ");
  pen.write(static_cast<std::uint64_t>(status));
  pen.write(" ");
  pen.write(reason_phrase(status));
  pen.write("\r\nDate: ");
  pen.write(head.date);
  pen.write("\r\n");
  std::size_t left_out = 0;
  for (const evh_header& header : head.headers) {
    if (!is_servers_to_write(view(header.name)) && is_safe(header)) {
      pen.write(header);
    } else {
      ++left_out;
    }
  }
  for (const evh_header& header : head.server_headers) {
    if (is_safe(header)) {
      pen.write(header);
    } else {
      ++left_out;
    }
  }
  write_body_end(pen, head, status);
  write_persistence(pen, head.persistence);
  pen.write("\r\n");
  out.resize(static_cast<std::size_t>(pen.at() - out.data()));
  return left_out;
}

void append_chunk(std::string& out, std::string_view data) {
  if (data.empty()) return;
  std::array<char, kMostDigits> size;
  const auto end = std::to_chars(size.data(), size.data() + size.size(), data.size(), 16).ptr;
  out.append(size.data(), end).append("\r\n").append(data).append("\r\n");
}

std::string_view reason_phrase(int status) noexcept {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 411:
      return "Length Required";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Range Not Satisfiable";
    case 417:
      return "Expectation Failed";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 426:
      return "Upgrade Required";
    case 428:
      return "Precondition Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    case 507:
      return "Insufficient Storage";
    default:
      return {};
  }
}

}  // namespace evh::http_api
