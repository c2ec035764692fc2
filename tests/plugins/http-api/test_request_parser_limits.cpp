#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "framing_expect.h"
#include "response_head.h"

namespace evh::http_api::test {
namespace {

constexpr RequestLimits kSmall{
    .head_bytes = 100, .header_count = 3, .target_bytes = 20, .body_bytes = 10, .chunk_overhead_bytes = 40};

std::string padded(std::string head, std::size_t size) {
  head += "X: ";
  head.append(size - head.size() - 4, 'x');
  return head + "\r\n\r\n";
}

TEST(RequestParserLimits, TakesAHeadOfExactlyTheLimit) {
  const std::string head = padded("GET / HTTP/1.1\r\nHost: h\r\n", 100);
  ASSERT_EQ(head.size(), 100U);
  EXPECT_EQ(accept(head, kSmall).headers.size(), 2U);
}

TEST(RequestParserLimits, RefusesALargerHead) {
  const std::string head = padded("GET / HTTP/1.1\r\nHost: h\r\n", 101);
  const Refusal refusal{head, 431, "header line 3: a head of more than 100 bytes"};
  expect_refusal(refusal, kSmall);
  EXPECT_EQ(refuse(head, kSmall).error, "request header fields too large");
}

TEST(RequestParserLimits, RefusesALargeHeadAtTheLimitAndNotAtItsEnd) {
  std::string bytes = "GET / HTTP/1.1\r\nHost: h\r\nX: ";
  bytes.append(99 - bytes.size(), 'x');
  EXPECT_EQ(frame(bytes, kSmall).failure.status, 0);
  EXPECT_EQ(frame(bytes + "x", kSmall).failure.status, 431);
}

TEST(RequestParserLimits, CountsEmptyLinesBeforeTheRequestAsHead) {
  const std::string head = padded("GET / HTTP/1.1\r\nHost: h\r\n", 99);
  EXPECT_EQ(frame(head, kSmall).requests.size(), 1U);
  EXPECT_EQ(frame("\r\n" + head, kSmall).failure.status, 431);
}

TEST(RequestParserLimits, RefusesALongTarget) {
  const std::string target = "/" + std::string(19, 'x');
  EXPECT_EQ(accept("GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n", kSmall).target, target);
  expect_refusal({"GET /x" + target + " HTTP/1.1\r\n", 414, "request line: a target of more than 20 bytes"}, kSmall);
  const std::string endless = "GET /" + std::string(95, 'x');
  expect_refusal({endless, 414, "request line: a head of more than 100 bytes"}, kSmall);
  EXPECT_EQ(refuse(endless, kSmall).error, "URI too long");
  EXPECT_EQ(frame(endless.substr(0, 99), kSmall).failure.status, 0);
}

TEST(RequestParserLimits, RefusesTooManyHeaders) {
  EXPECT_EQ(accept("GET / HTTP/1.1\r\nHost: h\r\nA:\r\nB:\r\n\r\n", kSmall).headers.size(), 3U);
  expect_refusal({"GET / HTTP/1.1\r\nHost: h\r\nA:\r\nB:\r\nC:\r\n", 431, "header line 4: more than 3 headers"},
                 kSmall);
}

TEST(RequestParserLimits, RefusesABodyPastTheLimitBeforeItComes) {
  EXPECT_EQ(accept("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n0123456789", kSmall).body, "0123456789");
  expect_refusal({"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n", 413, "a body of more than 10 bytes"},
                 kSmall);
  expect_refusal({"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n", 413,
                  "a body of more than 10 bytes"},
                 kSmall);
  EXPECT_EQ(refuse("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000000000000000\r\n\r\n", kSmall).error,
            "request too large");
}

TEST(RequestParserLimits, RefusesChunksPastTheLimitBeforeTheyCome) {
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(accept(head + "a\r\n0123456789\r\n0\r\n\r\n", kSmall).body, "0123456789");
  EXPECT_EQ(accept(head + "4\r\n0123\r\n6\r\n456789\r\n0\r\n\r\n", kSmall).body, "0123456789");
  expect_refusal({head + "b\r\n", 413, "chunk 1: a body of more than 10 bytes"}, kSmall);
  expect_refusal({head + "4\r\n0123\r\n7\r\n", 413, "chunk 2: a body of more than 10 bytes"}, kSmall);
}

TEST(RequestParserLimits, RefusesChunksThatAreMoreFramingThanAllowed) {
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string wrong = "chunk sizes, extensions and trailers of more than 40 bytes";
  EXPECT_EQ(accept(head + "1;" + std::string(29, 'e') + "\r\nx\r\n0\r\n\r\n", kSmall).body, "x");
  expect_refusal({head + "1;" + std::string(30, 'e') + "\r\nx\r\n0\r\n\r\n", 413, "trailer line 1: " + wrong}, kSmall);
  expect_refusal({head + "1;" + std::string(38, 'e'), 413, "chunk 1: " + wrong}, kSmall);
  expect_refusal({head + "1\r\nx\r\n0\r\nT: " + std::string(100, 't'), 413, "trailer line 1: " + wrong}, kSmall);
  std::string tiny_chunks = head;
  for (int chunk = 0; chunk < 9; ++chunk) tiny_chunks += "1\r\nx\r\n";
  expect_refusal({tiny_chunks, 413, "chunk 9: " + wrong}, kSmall);
}

TEST(RequestParserLimits, ABufferOfTheStatedSizeHoldsTheLargestRequest) {
  std::string bytes = padded("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n", 100);
  bytes += "a;" + std::string(29, 'e') + "\r\n0123456789\r\n0\r\n\r\n";
  ASSERT_EQ(bytes.size(), kSmall.buffer_bytes());
  EXPECT_EQ(accept(bytes, kSmall).body, "0123456789");
}

// Each would take minutes if a call looked again at what an earlier one had seen.
std::size_t drip(std::string bytes, const RequestLimits& limits) {
  RequestParser parser(limits);
  for (std::size_t size = 1; size <= bytes.size(); ++size) {
    if (parser.parse(std::span<char>(bytes.data(), size)) == RequestParser::Status::kReady) {
      return size == parser.consumed() ? parser.request().body.size() : 0;
    }
  }
  ADD_FAILURE() << parser.failure().details;
  return 0;
}

constexpr std::size_t kLarge = std::size_t{4} << 20;
constexpr RequestLimits kWide{.head_bytes = 2 * kLarge, .body_bytes = kLarge, .chunk_overhead_bytes = 2 * kLarge};

TEST(RequestParserLimits, ALargeBodyByteByByteCostsNoMoreThanItsSize) {
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(kLarge) + "\r\n\r\n";
  EXPECT_EQ(drip(head + std::string(kLarge, 'x'), kWide), kLarge);
}

TEST(RequestParserLimits, ALargeHeaderByteByByteCostsNoMoreThanItsSize) {
  EXPECT_EQ(
      drip("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nX: " + std::string(kLarge, 'x') + "\r\n\r\nx", kWide),
      1U);
}

TEST(RequestParserLimits, LargeChunksByteByByteCostNoMoreThanTheirSize) {
  std::string bytes = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  bytes += "1;" + std::string(kLarge, 'e') + "\r\nx\r\n";
  append_chunk(bytes, std::string(kLarge - 1, 'y'));
  bytes += "0\r\nT: " + std::string(kLarge / 2, 't') + "\r\n\r\n";
  EXPECT_EQ(drip(bytes, kWide), kLarge);
}

TEST(RequestParserLimits, ManySmallChunksCostNoMoreThanTheirSize) {
  std::string bytes = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (std::size_t chunk = 0; chunk < kLarge / 4; ++chunk) bytes += "1\r\nx\r\n";
  bytes += "0\r\n\r\n";
  EXPECT_EQ(drip(bytes, kWide), kLarge / 4);
}

TEST(RequestParserLimits, KeepsItsMemoryForTheNextRequest) {
  std::string first = "GET / HTTP/1.1\r\nHost: h\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n";
  std::string second = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  RequestParser parser;
  ASSERT_EQ(parser.parse(first), RequestParser::Status::kReady);
  const evh_header* const headers = parser.request().headers.data();
  parser.reset();
  ASSERT_EQ(parser.parse(second), RequestParser::Status::kReady);
  EXPECT_EQ(parser.request().headers.data(), headers);
  EXPECT_EQ(parser.request().headers.size(), 1U);
  EXPECT_EQ(find_header(parser.request(), "a"), std::nullopt);
}

}  // namespace
}  // namespace evh::http_api::test
