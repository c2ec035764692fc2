#include "request_parser.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "http_syntax.h"

namespace evh::http_api {
namespace {

constexpr std::size_t kMostEmptyLines = 4;  // old clients send one behind a body; RFC 9112, 2.2

const char* error_of(int status) {
  switch (status) {
    case 413:
      return "request too large";
    case 414:
      return "URI too long";
    case 417:
      return "expectation failed";
    case 431:
      return "request header fields too large";
    case 501:
      return "not implemented";
    case 505:
      return "HTTP version not supported";
    default:
      return "bad request";
  }
}

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

bool is_version(std::string_view text) {
  return text.size() == 8 && text.starts_with("HTTP/") && is_digit(text[5]) && text[6] == '.' && is_digit(text[7]);
}

// Digits only; what does not fit becomes the largest number, which is past every limit.
std::uint64_t saturated_number(std::string_view digits) {
  std::uint64_t number = 0;
  for (const char digit : digits) {
    const auto value = static_cast<std::uint64_t>(digit - '0');
    if (number > (std::numeric_limits<std::uint64_t>::max() - value) / 10) {
      return std::numeric_limits<std::uint64_t>::max();
    }
    number = number * 10 + value;
  }
  return number;
}

// Behind "http://" or "https://"; npos when the target is not absolute.
std::size_t authority_offset(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (equals_ignoring_case(target.substr(0, scheme.size()), scheme)) return scheme.size();
  }
  return std::string_view::npos;
}

}  // namespace

RequestParser::RequestParser(const RequestLimits& limits) noexcept
    : limits_(limits), chunks_({limits.body_bytes, limits.chunk_overhead_bytes}) {}

void RequestParser::reset() noexcept {
  stage_ = Stage::kRequestLine;
  in_progress_ = false;
  empty_lines_ = 0;
  lines_.start_at(0);
  head_ = {};
  body_ = {};
  header_slices_.clear();
  consumed_ = 0;
}

RequestParser::Status RequestParser::parse(std::span<char> buffer) {
  base_ = buffer.data();
  if (stage_ <= Stage::kHeaders) read_head({buffer.data(), buffer.size()});
  if (stage_ == Stage::kSizedBody && buffer.size() >= body_.offset + body_.size) {
    consumed_ = body_.offset + body_.size;
    stage_ = Stage::kReady;
  }
  if (stage_ == Stage::kChunkedBody) read_chunks(buffer);
  if (stage_ == Stage::kFailed) return Status::kFailed;
  if (stage_ != Stage::kReady) return Status::kNeedMore;
  publish({buffer.data(), buffer.size()});
  return Status::kReady;
}

void RequestParser::read_head(std::string_view buffer) {
  const std::string_view window = buffer.substr(0, limits_.head_bytes);
  std::string_view line;
  for (;;) {
    const LineReader::Status status = lines_.next(window, line);
    if (status == LineReader::Status::kNeedMore) break;
    if (status != LineReader::Status::kLine) {
      fail(400, explain(status));
      return;
    }
    if (stage_ == Stage::kHeaders) {
      if (line.empty()) return finish_head();
      if (!read_header(line)) return;
    } else if (!line.empty()) {
      if (!read_request_line(line)) return;
      stage_ = Stage::kHeaders;
    } else if (++empty_lines_ > kMostEmptyLines) {
      fail(400, "too many empty lines before it");
      return;
    }
  }
  in_progress_ = stage_ == Stage::kHeaders || lines_.position() < window.size();
  if (buffer.size() < limits_.head_bytes) return;
  fail(stage_ == Stage::kRequestLine ? 414 : 431,
       "a head of more than " + std::to_string(limits_.head_bytes) + " bytes");
}

// method SP request-target SP HTTP-version
bool RequestParser::read_request_line(std::string_view line) {
  in_progress_ = true;
  const std::string_view method = line.substr(0, token_length(line));
  if (method.empty() || !line.substr(method.size()).starts_with(' '))
    return fail(400, "no method and space at its start");
  const std::string_view rest = line.substr(method.size() + 1);
  const std::size_t target_size = std::min(rest.find(' '), rest.size());
  const std::string_view target = rest.substr(0, target_size);
  if (target.empty()) return fail(400, "no target after the method and one space");
  if (target_size == rest.size()) return fail(400, "no HTTP version after the target");
  const std::string_view version = rest.substr(target_size + 1);
  if (!is_version(version)) return fail(400, "what follows the target is not HTTP/1.0 or HTTP/1.1");
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return fail(505, "only HTTP/1.0 and HTTP/1.1 are served");
  if (target.size() > limits_.target_bytes) {
    return fail(414, "a target of more than " + std::to_string(limits_.target_bytes) + " bytes");
  }
  head_.minor_version = version.back() - '0';
  head_.method = slice(method);
  head_.target = slice(target);
  return read_target(method, target);
}

bool RequestParser::read_target(std::string_view method, std::string_view target) {
  if (method == "CONNECT") return fail(501, "CONNECT: this server is no proxy");
  if (!has_only_target_bytes(target))
    return fail(400, "the target has a character that must be percent-encoded, or a #");
  if (target == "*") {
    if (method != "OPTIONS") return fail(400, "the target * is for OPTIONS only");
    head_.path = slice(target);
    return true;
  }
  std::string_view path = target;
  if (!target.starts_with('/')) {
    const std::size_t authority_at = authority_offset(target);
    if (authority_at == std::string_view::npos) return fail(400, "the target begins neither with / nor with http://");
    path.remove_prefix(authority_at);
    const std::string_view authority = path.substr(0, path.find_first_of("/?"));
    if (authority.empty() || !is_host(authority)) return fail(400, "the target names no valid host");
    path.remove_prefix(authority.size());
    head_.host = slice(authority);
    head_.absolute_target = true;
  }
  const std::size_t question_mark = std::min(path.find('?'), path.size());
  head_.path = slice(path.substr(0, question_mark));
  if (question_mark < path.size()) head_.query = slice(path.substr(question_mark + 1));
  return true;
}

bool RequestParser::read_header(std::string_view line) {
  HeaderLine header;
  if (const char* const wrong = header.read(line)) return fail(400, wrong);
  if (header_slices_.size() == limits_.header_count) {
    return fail(431, "more than " + std::to_string(limits_.header_count) + " headers");
  }
  if (!read_known_header(header)) return false;
  header_slices_.push_back({slice(header.name), slice(header.value)});
  return true;
}

bool RequestParser::read_known_header(const HeaderLine& header) {
  const auto is = [&header](std::string_view name) { return equals_ignoring_case(header.name, name); };
  switch (header.name.size()) {
    case 4:
      return !is("host") || read_host(header.value);
    case 6:
      return !is("expect") || read_expect(header.value);
    case 10:
      if (is("connection")) read_connection(header.value);
      return true;
    case 14:
      return !is("content-length") || read_content_length(header.value);
    case 17:
      return !is("transfer-encoding") || read_transfer_encoding(header.value);
    default:
      return true;
  }
}

bool RequestParser::read_host(std::string_view value) {
  if (head_.has_host) return fail(400, "a second Host");
  if (!is_host(value)) return fail(400, "Host is not a host with an optional port");
  head_.has_host = true;
  if (!head_.absolute_target) head_.host = slice(value);  // RFC 9112, 3.2.2
  return true;
}

bool RequestParser::read_content_length(std::string_view value) {
  if (head_.has_length) return fail(400, "a second Content-Length");
  if (head_.chunked) return fail(400, "Content-Length and Transfer-Encoding in one request");
  if (value.empty() || !std::all_of(value.begin(), value.end(), is_digit)) {
    return fail(400, "Content-Length is not one decimal number");
  }
  head_.has_length = true;
  head_.length = saturated_number(value);
  return true;
}

bool RequestParser::read_transfer_encoding(std::string_view value) {
  if (head_.chunked) return fail(400, "a second Transfer-Encoding");
  if (head_.has_length) return fail(400, "Content-Length and Transfer-Encoding in one request");
  if (head_.minor_version == 0) return fail(400, "Transfer-Encoding in a request of HTTP/1.0");
  if (equals_ignoring_case(value, "chunked")) {
    head_.chunked = true;
    return true;
  }
  for (bool first = true; first || !value.empty(); first = false) {
    const std::string_view element = take_list_element(value);
    const std::string_view coding = trim_whitespace(element.substr(0, element.find(';')));
    if (!is_token(coding)) return fail(400, "Transfer-Encoding is not a list of codings");
    const bool whole_and_last = value.empty() && coding.size() == element.size();
    if (equals_ignoring_case(coding, "chunked") && (first || !whole_and_last)) {
      return fail(400, "chunked, in Transfer-Encoding, has a parameter, or is repeated, or not the last coding");
    }
  }
  return fail(501, "the only Transfer-Encoding understood is chunked");
}

bool RequestParser::read_expect(std::string_view value) {
  if (!equals_ignoring_case(value, "100-continue")) return fail(417, "the only expectation understood is 100-continue");
  head_.expects_continue = head_.minor_version > 0;  // RFC 9110, 10.1.1
  return true;
}

void RequestParser::read_connection(std::string_view value) {
  while (!value.empty()) {
    const std::string_view option = take_list_element(value);
    head_.asks_close |= equals_ignoring_case(option, "close");
    head_.asks_keep_alive |= equals_ignoring_case(option, "keep-alive");
  }
}

void RequestParser::finish_head() {
  if (head_.minor_version > 0 && !head_.has_host) {
    refuse(400, "no Host header in a request of HTTP/1.1");
    return;
  }
  body_.offset = lines_.position();
  if (head_.chunked) {
    chunks_.start_at(body_.offset);
    stage_ = Stage::kChunkedBody;
    return;
  }
  if (head_.length > limits_.body_bytes) {
    refuse(413, "a body of more than " + std::to_string(limits_.body_bytes) + " bytes");
    return;
  }
  body_.size = static_cast<std::size_t>(head_.length);
  stage_ = Stage::kSizedBody;
}

void RequestParser::read_chunks(std::span<char> buffer) {
  switch (chunks_.decode(buffer)) {
    case ChunkedDecoder::Status::kNeedMore:
      return;
    case ChunkedDecoder::Status::kFailed:
      failure_ = chunks_.failure();
      stage_ = Stage::kFailed;
      return;
    case ChunkedDecoder::Status::kDone:
      body_ = {chunks_.body_offset(), chunks_.body_size()};
      consumed_ = chunks_.end();
      stage_ = Stage::kReady;
  }
}

void RequestParser::publish(std::string_view buffer) {
  const auto view_of = [buffer](Slice slice) { return std::string_view(buffer.data() + slice.offset, slice.size); };
  const auto str_of = [buffer](Slice slice) { return evh_str{buffer.data() + slice.offset, slice.size}; };
  request_.method = view_of(head_.method);
  request_.target = view_of(head_.target);
  request_.path = head_.path.size > 0 ? view_of(head_.path) : std::string_view("/");
  request_.query = view_of(head_.query);
  request_.host = view_of(head_.host);
  request_.minor_version = head_.minor_version;
  request_.headers.clear();
  for (const HeaderSlices& header : header_slices_) {
    request_.headers.push_back({str_of(header.name), str_of(header.value)});
  }
  request_.body = view_of(body_);
  request_.keep_alive = !head_.asks_close && (head_.minor_version > 0 || head_.asks_keep_alive);
}

RequestParser::Slice RequestParser::slice(std::string_view part) const noexcept {
  return {static_cast<std::size_t>(part.data() - base_), part.size()};
}

// Always false, so that a reader can return it.
bool RequestParser::fail(int status, std::string_view why) {
  std::string details =
      stage_ == Stage::kHeaders ? "header line " + std::to_string(header_slices_.size() + 1) : "request line";
  details.append(": ").append(why);
  return refuse(status, std::move(details));
}

bool RequestParser::refuse(int status, std::string details) {
  failure_ = {status, error_of(status), std::move(details)};
  stage_ = Stage::kFailed;
  return false;
}

}  // namespace evh::http_api
