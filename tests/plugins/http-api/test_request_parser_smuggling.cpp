#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "framing_expect.h"

// What a proxy in front of us could read differently than we do must be refused: then no second request can hide in the
// first.
namespace evh::http_api::test {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kHidden = "0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: h\r\n\r\n";

// `lines` in a request whose body is a request of its own to whoever reads its end differently.
ApiError refuse_lines(std::string_view lines, std::string_view version = "HTTP/1.1") {
  std::string bytes = "POST /a " + std::string(version) + "\r\nHost: h\r\n";
  bytes.append(lines).append("\r\n").append(kHidden);
  return refuse(bytes);
}

TEST(RequestParserSmuggling, RefusesTwoLengthsInOneRequest) {
  const std::string both = "Content-Length and Transfer-Encoding in one request";
  EXPECT_EQ(refuse_lines("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n").details, "header line 3: " + both);
  EXPECT_EQ(refuse_lines("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n").details, "header line 3: " + both);
  EXPECT_EQ(refuse_lines("Transfer-Encoding: chunked\r\nX: y\r\ncontent-length: 0\r\n").details,
            "header line 4: " + both);
  EXPECT_EQ(refuse_lines("Content-Length: 5\r\nTransfer-Encoding: x\r\n").details, "header line 3: " + both);
  EXPECT_EQ(refuse_lines("Content-Length: 5\r\nContent-Length: 6\r\n").details,
            "header line 3: a second Content-Length");
  EXPECT_EQ(refuse_lines("Content-Length: 5\r\nCONTENT-LENGTH: 5\r\n").details,
            "header line 3: a second Content-Length");
}

TEST(RequestParserSmuggling, RefusesALengthThatIsNotOneDecimalNumber) {
  for (const std::string_view value : {"",
                                       "+5",
                                       "-5",
                                       "-0",
                                       "5 ,5",
                                       "5, 5",
                                       "5,5",
                                       "5,",
                                       ",5",
                                       "5 5",
                                       "0x10",
                                       "0X5",
                                       "5a",
                                       "a5",
                                       "5.0",
                                       "5e1",
                                       "\"5\"",
                                       "5;",
                                       "5_0",
                                       "1 000",
                                       "\xd9\xa5",
                                       "\xef\xbc\x95",
                                       "5\xc2\xa0",
                                       "\xa0"
                                       "5"}) {
    const ApiError failure = refuse_lines("Content-Length: " + std::string(value) + "\r\n");
    EXPECT_EQ(failure.status, 400) << value;
    EXPECT_EQ(failure.details, "header line 2: Content-Length is not one decimal number") << value;
  }
  EXPECT_EQ(refuse_lines("Content-Length: 5\0\r\n"sv).details, "header line 2: a control character");
  EXPECT_EQ(refuse_lines("Content-Length: \x0b"
                         "5\r\n")
                .details,
            "header line 2: a control character");
  EXPECT_EQ(refuse_lines("Content-Length: 5\x0c\r\n").details, "header line 2: a control character");
}

TEST(RequestParserSmuggling, ReadsALengthWithZerosInFrontAsDecimal) {
  EXPECT_EQ(accept("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 010\r\n\r\n0123456789").body, "0123456789");
  EXPECT_EQ(accept("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 000000000000000000000000000001\r\n\r\nx").body, "x");
}

TEST(RequestParserSmuggling, RefusesALengthThatWouldWrapAround) {
  for (const std::string_view value :
       {"18446744073709551615", "18446744073709551616", "18446744073709551621", "36893488147419103237",
        "99999999999999999999999999999999999999999", "9223372036854775808", "4294967297", "1000000000000000000"}) {
    EXPECT_EQ(refuse_lines("Content-Length: " + std::string(value) + "\r\n").status, 413) << value;
  }
}

TEST(RequestParserSmuggling, RefusesEveryTransferEncodingButChunked) {
  for (const std::string_view value :
       {"'chunked", "xchunked", "chunkedx", "identity", "gzip", "gzip, chunked", "gzip;q=1, chunked", "cow",
        "deflate,gzip", "identity, chunked", "chunke", "gzip,"}) {
    const ApiError failure = refuse_lines("Transfer-Encoding: " + std::string(value) + "\r\n");
    EXPECT_EQ(failure.status, 501) << value;
    EXPECT_EQ(failure.error, "not implemented") << value;
  }
  for (const std::string_view value : {"",
                                       ",",
                                       "chunked, chunked",
                                       "chunked,",
                                       ",chunked",
                                       "chunked, gzip",
                                       "chunked, identity",
                                       "chunked;q=1",
                                       "chunked ;",
                                       "gzip, chunked;x",
                                       "gzip, chunked, gzip",
                                       "\"chunked\"",

                                       "chunked chunked",
                                       "chun ked",
                                       "{chunked}",
                                       "chunked\xa0",
                                       "\xa0"
                                       "chunked",
                                       "gz ip",
                                       "chunked: x",
                                       "=chunked"}) {
    const ApiError failure = refuse_lines("Transfer-Encoding: " + std::string(value) + "\r\n");
    EXPECT_EQ(failure.status, 400) << value;
  }
  for (const std::string_view value : std::initializer_list<std::string_view>{"\x0b"
                                                                              "chunked",
                                                                              "chunked\x0c", "chun\0ked"sv,
                                                                              "\x7f"
                                                                              "chunked",
                                                                              "chunked\x08"}) {
    EXPECT_EQ(refuse_lines("Transfer-Encoding: " + std::string(value) + "\r\n").details,
              "header line 2: a control character");
  }
}

TEST(RequestParserSmuggling, RefusesASecondTransferEncoding) {
  EXPECT_EQ(refuse_lines("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n").details,
            "header line 3: a second Transfer-Encoding");
  EXPECT_EQ(refuse_lines("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n").status, 400);
  EXPECT_EQ(refuse_lines("Transfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n").status, 501);
}

TEST(RequestParserSmuggling, TakesChunkedInAnyCaseWithSpaceAround) {
  for (const std::string_view value : {"chunked", "Chunked", "CHUNKED", "  chunked", "\tchunked \t"}) {
    const std::string bytes =
        "POST / HTTP/1.1\r\nHost: h\r\ntransfer-ENCODING:" + std::string(value) + "\r\n\r\n1\r\nx\r\n0\r\n\r\n";
    EXPECT_EQ(accept(bytes).body, "x") << value;
  }
}

TEST(RequestParserSmuggling, RefusesTransferEncodingInHttp10) {
  EXPECT_EQ(refuse_lines("Transfer-Encoding: chunked\r\n", "HTTP/1.0").details,
            "header line 2: Transfer-Encoding in a request of HTTP/1.0");
  EXPECT_EQ(refuse_lines("Transfer-Encoding: identity\r\n", "HTTP/1.0").status, 400);
}

TEST(RequestParserSmuggling, RefusesHiddenLengthHeaders) {
  for (const std::string_view lines :
       std::initializer_list<std::string_view>{"Content-Length : 5\r\n",
                                               "Content-Length\t: 5\r\n",
                                               " Content-Length: 5\r\n",
                                               "\tTransfer-Encoding: chunked\r\n",
                                               "Transfer-Encoding : chunked\r\n",
                                               "Transfer-Encoding\r\n : chunked\r\n",
                                               "Transfer-Encoding:\r\n chunked\r\n",
                                               "X: y\r\n Transfer-Encoding: chunked\r\n",
                                               "X: y\nTransfer-Encoding: chunked\r\n",
                                               "X: y\rTransfer-Encoding: chunked\r\n",
                                               "Transfer-Encoding\0: chunked\r\n"sv,
                                               "\0Transfer-Encoding: chunked\r\n"sv,
                                               "X: y\0\r\nTransfer-Encoding: chunked\r\n"sv,
                                               "Transfer-Encoding\xa0: chunked\r\n",
                                               "Transfer Encoding: chunked\r\n",
                                               "Transfer-Encoding\x0b: chunked\r\n",
                                               "\"Transfer-Encoding\": chunked\r\n",
                                               "Content-Length:: 5\r\n",
                                               "Content-Length: 5\n",
                                               "Content-Length: 5\r\r\n",
                                               "\n",
                                               "\r\r\n"}) {
    EXPECT_EQ(refuse_lines(lines).status, 400) << lines;
  }
}

TEST(RequestParserSmuggling, RefusesAHeaderBeforeTheRequestLineAndFoldingBehindIt) {
  EXPECT_EQ(refuse("POST / HTTP/1.1\r\n Host: h\r\n\r\n").details,
            "header line 1: begins with a space or tab: folded lines are not accepted");
  EXPECT_EQ(refuse("Host: h\r\nPOST / HTTP/1.1\r\n\r\n").status, 400);
}

TEST(RequestParserSmuggling, TreatsNamesThatOnlyLookAlikeAsAnyHeader) {
  const std::string bytes =
      "POST / HTTP/1.1\r\nHost: h\r\nContent_Length: 5\r\nContent-Lengths: 5\r\nXContent-Length: 5\r\n"
      "Transfer_Encoding: chunked\r\n\r\n";
  EXPECT_EQ(accept(bytes).body, "");
}

TEST(RequestParserSmuggling, ReadsTheBodyOfAGetToo) {
  const Outcome outcome = frame(
      "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 36\r\n\r\nGET /hidden HTTP/1.1\r\nHost: host\r\n\r\n"
      "GET /next HTTP/1.1\r\nHost: h\r\n\r\n");
  ASSERT_EQ(outcome.requests.size(), 2U);
  EXPECT_EQ(outcome.requests[1].path, "/next");
  EXPECT_EQ(outcome.left, 0U);
}

TEST(RequestParserSmuggling, ALengthInTrailersChangesNothing) {
  const Outcome outcome = frame(
      "POST /1 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n"
      "Content-Length: 100\r\nHost: other\r\nTransfer-Encoding: chunked\r\n\r\n"
      "GET /2 HTTP/1.1\r\nHost: h\r\n\r\n");
  ASSERT_EQ(outcome.requests.size(), 2U);
  EXPECT_EQ(outcome.requests[0].body, "x");
  EXPECT_EQ(outcome.requests[0].headers.size(), 2U);
  EXPECT_EQ(outcome.requests[0].host, "h");
  EXPECT_EQ(outcome.requests[1].path, "/2");
}

TEST(RequestParserSmuggling, RefusesChunksWhoseEndIsUnclear) {
  struct Case {
    std::string_view chunks;
    int status;
  };
  const std::vector<Case> cases = {
      {"1_0\r\n", 400},
      {"-1\r\n", 400},
      {"+1\r\n", 400},
      {"0x1\r\n", 400},
      {" 1\r\n", 400},
      {"1 \r\n", 400},
      {"1 1\r\n", 400},
      {"\r\n", 400},
      {";x\r\n", 400},
      {"g\r\n", 400},
      {"1\n", 400},
      {"1\rx", 400},
      {"1;x\ny\r\n", 400},
      {"1;x\ry\r\n", 400},
      {"1;x\0\r\n"sv, 400},
      {"00000000000000001\r\n", 400},  // 17 digits
      {"10000000000000001\r\n", 400},  // wraps to 1 in 64 bits
      {"ffffffffffffffff\r\n", 413},
      {"fffffffffffffff0\r\n", 413},
      {"100001\r\n", 413},
      {"1\r\nx0\r\n\r\n", 400},
      {"1\r\nxx\r\n0\r\n\r\n", 400},
      {"1\r\nx\n0\r\n\r\n", 400},
      {"1\r\nx\r0\r\n\r\n", 400},
      {"2\r\nx\r\n0\r\n\r\n", 400},  // a chunk shorter than it says
      {"0\n", 400},
      {"0\r\n\n", 400},
      {"0\r\nx", 0},
      {"0\r\nx\r\n", 400},
      {"0\r\nX : y\r\n\r\n", 400},
      {"0\r\n X: y\r\n\r\n", 400},
      {"0\r\nX: y\n\r\n", 400},
      {"0\r\nX: y\r\n z\r\n\r\n", 400},
      {"0\r\nGET / HTTP/1.1\r\n\r\n", 400},
  };
  for (const Case& expected : cases) {
    std::string bytes = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    bytes.append(expected.chunks);
    const Outcome outcome = frame(bytes);
    EXPECT_TRUE(outcome.requests.empty()) << expected.chunks;
    EXPECT_EQ(outcome.failure.status, expected.status) << expected.chunks;
  }
}

}  // namespace
}  // namespace evh::http_api::test
