#include "chunked_decoder.h"

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace evh::http_api::test {
namespace {

constexpr ChunkedDecoder::Limits kLimits{.body_bytes = 1000, .overhead_bytes = 1000};

struct Decoded {
  ChunkedDecoder::Status status = ChunkedDecoder::Status::kNeedMore;
  std::string body;
  std::size_t end = 0;
  ApiError failure{0, "", ""};

  bool operator==(const Decoded&) const = default;
};

// Feeds `step` bytes more at a time, behind a prefix that must stay as it is.
Decoded decode(std::string_view chunks, std::size_t step) {
  constexpr std::string_view kPrefix = "prefix";
  std::string buffer = std::string(kPrefix).append(chunks);
  ChunkedDecoder decoder(kLimits);
  decoder.start_at(kPrefix.size());
  Decoded result;
  for (std::size_t size = kPrefix.size(); result.status == ChunkedDecoder::Status::kNeedMore; size += step) {
    result.status = decoder.decode(std::span<char>(buffer.data(), std::min(size, buffer.size())));
    if (size >= buffer.size()) break;
  }
  EXPECT_EQ(buffer.substr(0, kPrefix.size()), kPrefix);
  result.body = buffer.substr(decoder.body_offset(), decoder.body_size());
  if (result.status == ChunkedDecoder::Status::kDone) result.end = decoder.end() - kPrefix.size();
  if (result.status == ChunkedDecoder::Status::kFailed) result.failure = decoder.failure();
  return result;
}

Decoded decode(std::string_view chunks) {
  const Decoded whole = decode(chunks, chunks.size() + 1);
  for (std::size_t step = 1; step <= chunks.size(); ++step) {
    Decoded split = decode(chunks, step);
    if (split.status == ChunkedDecoder::Status::kFailed) split.body = whole.body;  // of no meaning then
    EXPECT_EQ(split, whole) << "in pieces of " << step << ": " << chunks;
  }
  return whole;
}

TEST(ChunkedDecoder, PutsTheDataOfAllChunksTogether) {
  struct Case {
    std::string_view chunks, body;
  };
  const std::vector<Case> cases = {
      {"0\r\n\r\n", ""},
      {"00000\r\n\r\n", ""},
      {"5\r\nhello\r\n0\r\n\r\n", "hello"},
      {"1\r\nh\r\n2\r\nel\r\n2\r\nlo\r\n0\r\n\r\n", "hello"},
      {"0000000000000005\r\nhello\r\n0000000000000000\r\n\r\n", "hello"},
      {"a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n", "01234567890123456789"},
      {"0C\r\n0\r\n\r\n0\r\n\r\n\r\n\r\n0\r\n\r\n", "0\r\n\r\n0\r\n\r\n\r\n"},
      {"2\r\n\r\n\r\n0\r\n\r\n", "\r\n"},
  };
  for (const Case& expected : cases) {
    const Decoded decoded = decode(expected.chunks);
    EXPECT_EQ(decoded.status, ChunkedDecoder::Status::kDone) << expected.chunks;
    EXPECT_EQ(decoded.body, expected.body) << expected.chunks;
    EXPECT_EQ(decoded.end, expected.chunks.size()) << expected.chunks;
  }
}

TEST(ChunkedDecoder, PassesOverExtensionsAndTrailers) {
  for (const std::string_view chunks :
       {"1;a\r\nx\r\n0\r\n\r\n", "1;a=b;c=\"d;e\"\r\nx\r\n0;f\r\n\r\n", "1 ;a\r\nx\r\n0\t; \r\n\r\n",
        "1;\r\nx\r\n0\r\n\r\n", "1;\xc3\xa4\r\nx\r\n0\r\n\r\n", "1\r\nx\r\n0\r\nT: u\r\nExpires:\r\n\r\n"}) {
    const Decoded decoded = decode(chunks);
    EXPECT_EQ(decoded.status, ChunkedDecoder::Status::kDone) << chunks;
    EXPECT_EQ(decoded.body, "x") << chunks;
    EXPECT_EQ(decoded.end, chunks.size()) << chunks;
  }
}

TEST(ChunkedDecoder, LeavesWhatFollowsTheMessage) {
  const Decoded decoded = decode("1\r\nx\r\n1\r\ny\r\n0\r\n\r\nGET / HTTP/1.1\r\n");
  EXPECT_EQ(decoded.body, "xy");
  EXPECT_EQ(decoded.end, std::string_view("1\r\nx\r\n1\r\ny\r\n0\r\n\r\n").size());
}

TEST(ChunkedDecoder, WaitsForTheLastByte) {
  const std::string_view chunks = "1;a\r\nx\r\n0\r\nT: u\r\n\r\n";
  for (std::size_t size = 0; size < chunks.size(); ++size) {
    EXPECT_EQ(decode(chunks.substr(0, size)).status, ChunkedDecoder::Status::kNeedMore) << size;
  }
}

TEST(ChunkedDecoder, NamesTheChunkOrTrailerThatIsWrong) {
  struct Case {
    std::string_view chunks;
    int status;
    std::string_view details;
  };
  const std::vector<Case> cases = {
      {"x\r\n", 400, "chunk 1: the size is not 1 to 16 hexadecimal digits"},
      {"1\r\nx\r\n\r\n", 400, "chunk 2: the size is not 1 to 16 hexadecimal digits"},
      {"1\r\nx\r\n00000000000000000\r\n", 400, "chunk 2: the size is not 1 to 16 hexadecimal digits"},
      {"1\r\nxy", 400, "chunk 1: more data than its size says"},
      {"1\r\nx\ry", 400, "chunk 1: a carriage return without a line feed behind it"},
      {"1\n", 400, "chunk 1: a line feed without a carriage return before it"},
      {"1;\x01", 400, "chunk 1: a control character"},
      {"3e9\r\n", 413, "chunk 1: a body of more than 1000 bytes"},
      {"1\r\nx\r\n3e8\r\n", 413, "chunk 2: a body of more than 1000 bytes"},
      {"1\r\nx\r\nFFFFFFFFFFFFFFFF\r\n", 413, "chunk 2: a body of more than 1000 bytes"},
      {"0\r\nA: b\r\nc\r\n", 400, "trailer line 2: no colon after the name"},
  };
  for (const Case& expected : cases) {
    const Decoded decoded = decode(expected.chunks);
    EXPECT_EQ(decoded.status, ChunkedDecoder::Status::kFailed) << expected.chunks;
    EXPECT_EQ(decoded.failure.status, expected.status) << expected.chunks;
    EXPECT_EQ(decoded.failure.details, expected.details) << expected.chunks;
    EXPECT_EQ(decoded.failure.error, expected.status == 413 ? "request too large" : "bad request");
  }
}

TEST(ChunkedDecoder, TakesABodyOfExactlyTheLimit) {
  const Decoded decoded = decode("3e8\r\n" + std::string(1000, 'x') + "\r\n0\r\n\r\n", 7);
  EXPECT_EQ(decoded.status, ChunkedDecoder::Status::kDone);
  EXPECT_EQ(decoded.body, std::string(1000, 'x'));
}

TEST(ChunkedDecoder, StartsAnew) {
  std::string buffer = "1\r\na\r\n0\r\n\r\n0\r\n\r\n1\r\nx";
  ChunkedDecoder decoder(kLimits);
  decoder.start_at(0);
  ASSERT_EQ(decoder.decode(buffer), ChunkedDecoder::Status::kDone);
  decoder.start_at(decoder.end());
  ASSERT_EQ(decoder.decode(buffer), ChunkedDecoder::Status::kDone);
  EXPECT_EQ(decoder.body_size(), 0U);
  decoder.start_at(decoder.end());
  EXPECT_EQ(decoder.decode(buffer), ChunkedDecoder::Status::kNeedMore);
  buffer += "y";
  EXPECT_EQ(decoder.decode(buffer), ChunkedDecoder::Status::kFailed);
  EXPECT_EQ(decoder.decode(buffer), ChunkedDecoder::Status::kFailed);
}

}  // namespace
}  // namespace evh::http_api::test
