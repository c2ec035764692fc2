#include "response_head.h"

#include <gtest/gtest.h>

#include <ctime>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "date_cache.h"
#include "evh/text.hpp"
#include "random_seed.h"
#include "request_parser.h"

namespace evh::http_api::test {
namespace {

using namespace std::string_view_literals;

evh_header header(std::string_view name, std::string_view value) {
  return {str(name), str(value)};
}

std::string text_of(const ResponseHead& head, std::size_t left_out = 0) {
  std::string out = "before ";
  EXPECT_EQ(append_response_head(out, head), left_out);
  EXPECT_EQ(out.substr(0, 7), "before ");
  return out.substr(7);
}

TEST(ResponseHead, WritesTheCommonAnswer) {
  const std::vector<evh_header> headers = {header("Content-Type", "application/json")};
  const std::vector<evh_header> server_headers = {header("X-Request-Id", "42")};
  EXPECT_EQ(text_of({.status = 201,
                     .date = "Sun, 06 Nov 1994 08:49:37 GMT",
                     .headers = headers,
                     .server_headers = server_headers}),
            "HTTP/1.1 201 Created\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type: application/json\r\n"
            "X-Request-Id: 42\r\nContent-Length: 0\r\n\r\n");
}

TEST(ResponseHead, SaysHowTheBodyEnds) {
  EXPECT_EQ(text_of({.date = "D", .length = std::numeric_limits<std::uint64_t>::max()}),
            "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Length: 18446744073709551615\r\n\r\n");
  EXPECT_EQ(text_of({.date = "D", .body_end = BodyEnd::kChunks}),
            "HTTP/1.1 200 OK\r\nDate: D\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(text_of({.date = "D", .body_end = BodyEnd::kClose, .persistence = Persistence::kClose}),
            "HTTP/1.1 200 OK\r\nDate: D\r\nConnection: close\r\n\r\n");
  for (const BodyEnd body_end : {BodyEnd::kLength, BodyEnd::kChunks}) {
    EXPECT_EQ(text_of({.status = 204, .date = "D", .body_end = body_end}),
              "HTTP/1.1 204 No Content\r\nDate: D\r\n\r\n");
    EXPECT_EQ(text_of({.status = 304, .date = "D", .body_end = body_end}),
              "HTTP/1.1 304 Not Modified\r\nDate: D\r\n\r\n");
  }
}

TEST(ResponseHead, SaysWhatBecomesOfTheConnection) {
  EXPECT_EQ(text_of({.date = "D", .persistence = Persistence::kKeepAlive}),
            "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(text_of({.date = "D", .persistence = Persistence::kClose}),
            "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}

TEST(ResponseHead, KnowsTheReasonOfEveryStatusTheApiUses) {
  for (const int status : {200, 201, 204, 301, 304, 400, 403, 404, 405, 408, 413, 414, 417, 431, 500, 501, 503, 505}) {
    EXPECT_FALSE(reason_phrase(status).empty()) << status;
  }
  EXPECT_EQ(text_of({.status = 299, .date = "D"}), "HTTP/1.1 299 \r\nDate: D\r\nContent-Length: 0\r\n\r\n");
}

TEST(ResponseHead, SendsAStatusThatIsNoneAs500) {
  for (const int status : {-1, 0, 42, 100, 101, 199, 600, 1000, std::numeric_limits<int>::max()}) {
    EXPECT_EQ(text_of({.status = status, .date = "D"}),
              "HTTP/1.1 500 Internal Server Error\r\nDate: D\r\nContent-Length: 0\r\n\r\n");
  }
}

TEST(ResponseHead, LeavesOutHeadersThatWouldBreakTheHead) {
  const std::vector<evh_header> bad = {
      header("A", "b\r\nSet-Cookie: c"),
      header("A", "b\n"),
      header("A", "b\r"),
      header("A", "b\0"sv),
      header("A", "\x7f"),
      header("A", "\x1b["),
      header("A\r\nB", "c"),
      header("A: b\r\nC", "d"),
      header("", "b"),
      header("A b", "c"),
      header("A:", "b"),
      header("A\0"sv, "b"),
      header("\xc3\xa4", "b"),
      {{nullptr, 0}, {nullptr, 0}},
  };
  const std::string clean = "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Length: 0\r\n\r\n";
  for (const evh_header& one : bad) {
    EXPECT_EQ(text_of({.date = "D", .headers = {&one, 1}}, 1), clean) << view(one.name);
    EXPECT_EQ(text_of({.date = "D", .server_headers = {&one, 1}}, 1), clean) << view(one.name);
  }
  EXPECT_EQ(text_of({.date = "D", .headers = bad, .server_headers = bad}, 2 * bad.size()), clean);
}

TEST(ResponseHead, KeepsOddButHarmlessValues) {
  const std::vector<evh_header> headers = {
      header("A", ""), header("B", "a\tb"), header("C", "\xc3\xa4"), {str("D"), {nullptr, 0}}};
  EXPECT_EQ(text_of({.date = "D", .headers = headers}),
            "HTTP/1.1 200 OK\r\nDate: D\r\nA: \r\nB: a\tb\r\nC: \xc3\xa4\r\nD: \r\nContent-Length: 0\r\n\r\n");
}

TEST(ResponseHead, LeavesTheServersHeadersToTheServer) {
  for (const std::string_view name :
       {"Content-Length", "content-length", "Transfer-Encoding", "CONNECTION", "Date", "x-request-id"}) {
    const evh_header one = header(name, "99");
    EXPECT_EQ(text_of({.date = "D", .headers = {&one, 1}}, 1),
              "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Length: 0\r\n\r\n")
        << name;
  }
}

// Whatever a handler passes, the head has the lines it should have and no more.
TEST(ResponseHead, HoldsAgainstRandomHeaders) {
  std::mt19937_64 random = seeded_generator();
  const std::string_view alphabet = "ab:-\r\n\0\t \x7f\xff"sv;
  const auto text = [&] {
    std::string out(random() % 6, '\0');
    for (char& byte : out) byte = alphabet[random() % alphabet.size()];
    return out;
  };
  for (int round = 0; round < 20000; ++round) {
    const std::vector<std::string> texts = {text(), text(), text(), text()};
    const std::vector<evh_header> headers = {header(texts[0], texts[1]), header(texts[2], texts[3])};
    std::string out;
    const std::size_t left_out = append_response_head(out, {.date = "D", .headers = headers});
    std::size_t lines = 0;
    for (std::size_t at = out.find("\r\n"); at != std::string::npos; at = out.find("\r\n", at + 2)) ++lines;
    ASSERT_EQ(lines, 4 + headers.size() - left_out) << out;
    ASSERT_EQ(out.find("\r\n\r\n"), out.size() - 4) << out;
    for (std::size_t at = 0; at < out.size(); ++at) {
      ASSERT_EQ(out[at] == '\r', at + 1 < out.size() && out[at + 1] == '\n') << out;
      ASSERT_NE(out[at], '\0');
    }
  }
}

TEST(ResponseChunks, AreWhatTheDecoderReads) {
  std::string bytes = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  std::string body;
  for (const std::size_t size : {1U, 9U, 10U, 15U, 16U, 255U, 256U, 4096U, 65535U}) {
    const std::string data(size, static_cast<char>('a' + size % 26));
    append_chunk(bytes, data);
    body += data;
  }
  bytes += kLastChunk;
  RequestParser parser;
  ASSERT_EQ(parser.parse(bytes), RequestParser::Status::kReady);
  EXPECT_EQ(parser.request().body, body);
  EXPECT_EQ(parser.consumed(), bytes.size());
}

TEST(ResponseChunks, AnEmptyOneIsNotTheEnd) {
  std::string out;
  append_chunk(out, "");
  EXPECT_EQ(out, "");
  append_chunk(out, "0123456789abcdef");
  EXPECT_EQ(out, "10\r\n0123456789abcdef\r\n");
}

TEST(DateCache, WritesTheDateOfHttp) {
  DateCache date;
  EXPECT_EQ(date.at(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(date.at(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(date.at(784111778), "Sun, 06 Nov 1994 08:49:38 GMT");
  EXPECT_EQ(date.at(951782399), "Mon, 28 Feb 2000 23:59:59 GMT");
  EXPECT_EQ(date.at(951782400), "Tue, 29 Feb 2000 00:00:00 GMT");
  EXPECT_EQ(date.at(0), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(date.at(-5), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(date.at(253402300799), "Fri, 31 Dec 9999 23:59:59 GMT");
  EXPECT_EQ(date.at(std::numeric_limits<std::time_t>::max()), "Fri, 31 Dec 9999 23:59:59 GMT");
}

TEST(DateCache, AgreesWithTheCLibrary) {
  std::mt19937_64 random = seeded_generator();
  DateCache date;
  for (int round = 0; round < 10000; ++round) {
    const auto time = static_cast<std::time_t>(random() % 253402300800U);
    std::tm parts{};
    gmtime_r(&time, &parts);
    char expected[64];
    std::strftime(expected, sizeof expected, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    ASSERT_EQ(date.at(time), expected);
  }
}

}  // namespace
}  // namespace evh::http_api::test
