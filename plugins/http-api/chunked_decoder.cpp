#include "chunked_decoder.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>

#include "http_syntax.h"

namespace evh::http_api {
namespace {

constexpr std::size_t kMostSizeDigits = 16;  // what 64 bits hold

int hex_value(char byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
  if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
  return -1;
}

// `chunk-size [ chunk-ext ]`. An extension begins with ';', and what is in it does not matter.
std::optional<std::uint64_t> parse_size(std::string_view line) {
  std::uint64_t size = 0;
  std::size_t digits = 0;
  for (; digits < line.size() && hex_value(line[digits]) >= 0; ++digits) {
    if (digits == kMostSizeDigits) return std::nullopt;
    size = size << 4 | static_cast<std::uint64_t>(hex_value(line[digits]));
  }
  const std::string_view rest = line.substr(digits);
  if (digits == 0 || !(rest.empty() || trim_whitespace(rest).starts_with(';'))) return std::nullopt;
  return size;
}

}  // namespace

void ChunkedDecoder::start_at(std::size_t offset) noexcept {
  stage_ = Stage::kSize;
  lines_.start_at(offset);
  start_ = body_offset_ = offset;
  body_size_ = data_missing_ = 0;
  number_ = 1;
}

ChunkedDecoder::Status ChunkedDecoder::decode(std::span<char> buffer) {
  for (;;) {
    switch (stage_) {
      case Stage::kDone:
        return Status::kDone;
      case Stage::kFailed:
        return Status::kFailed;
      case Stage::kData:
        take_data(buffer);
        if (data_missing_ > 0) return Status::kNeedMore;
        stage_ = Stage::kDataEnd;
        break;
      default:
        if (!read_line({buffer.data(), buffer.size()})) return Status::kNeedMore;
    }
  }
}

// False: the line is not whole yet.
bool ChunkedDecoder::read_line(std::string_view buffer) {
  const std::size_t bound = start_ + body_size_ + limits_.overhead_bytes;
  const std::string_view window = buffer.substr(0, bound);
  if (stage_ == Stage::kDataEnd && lines_.position() < window.size() && window[lines_.position()] != '\r') {
    fail(400, "more data than its size says");
    return true;
  }
  std::string_view line;
  const LineReader::Status status = lines_.next(window, line);
  if (status == LineReader::Status::kNeedMore) {
    if (buffer.size() < bound) return false;
    fail(413, "chunk sizes, extensions and trailers of more than " + std::to_string(limits_.overhead_bytes) + " bytes");
  } else if (status != LineReader::Status::kLine) {
    fail(400, explain(status));
  } else if (stage_ == Stage::kSize) {
    read_size(line);
  } else if (stage_ == Stage::kDataEnd) {
    stage_ = Stage::kSize;
    ++number_;
  } else {
    read_trailer(line);
  }
  return true;
}

void ChunkedDecoder::read_size(std::string_view line) {
  const std::optional<std::uint64_t> size = parse_size(line);
  if (!size) return fail(400, "the size is not 1 to 16 hexadecimal digits");
  if (*size > limits_.body_bytes - body_size_) {
    return fail(413, "a body of more than " + std::to_string(limits_.body_bytes) + " bytes");
  }
  data_missing_ = static_cast<std::size_t>(*size);
  if (data_missing_ > 0) {
    stage_ = Stage::kData;
  } else {
    stage_ = Stage::kTrailers;
    number_ = 1;
  }
}

void ChunkedDecoder::read_trailer(std::string_view line) {
  if (line.empty()) {
    stage_ = Stage::kDone;
    return;
  }
  HeaderLine trailer;
  if (const char* const wrong = trailer.read(line)) return fail(400, wrong);
  ++number_;
}

void ChunkedDecoder::take_data(std::span<char> buffer) noexcept {
  const std::size_t position = lines_.position();
  const std::size_t size = std::min(data_missing_, buffer.size() - position);
  if (size == 0) return;
  if (body_size_ == 0) body_offset_ = position;  // the first data stays where it is
  char* const end = buffer.data() + body_offset_ + body_size_;
  if (end != buffer.data() + position) std::memmove(end, buffer.data() + position, size);
  body_size_ += size;
  data_missing_ -= size;
  lines_.start_at(position + size);
}

void ChunkedDecoder::fail(int status, std::string_view why) {
  failure_.status = status;
  failure_.error = status == 413 ? "request too large" : "bad request";
  failure_.details = stage_ == Stage::kTrailers ? "trailer line " : "chunk ";
  failure_.details.append(std::to_string(number_)).append(": ").append(why);
  stage_ = Stage::kFailed;
}

}  // namespace evh::http_api
