#include "request_parser.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "framing_expect.h"

namespace evh::http_api::test {
namespace {

using namespace std::string_view_literals;
using Headers = std::vector<std::pair<std::string, std::string>>;

TEST(RequestParser, ReadsAPostWithALengthToItsLastByte) {
  const FramedRequest request = accept(
      "POST /api/events HTTP/1.1\r\nHost: localhost:8080\r\nContent-Type: application/json\r\nContent-Length: "
      "14\r\n\r\n"
      "{\"user_id\": 1}");
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/api/events");
  EXPECT_EQ(request.path, "/api/events");
  EXPECT_EQ(request.query, "");
  EXPECT_EQ(request.host, "localhost:8080");
  EXPECT_EQ(request.minor_version, 1);
  EXPECT_EQ(request.headers,
            (Headers{{"Host", "localhost:8080"}, {"Content-Type", "application/json"}, {"Content-Length", "14"}}));
  EXPECT_EQ(request.body, "{\"user_id\": 1}");
  EXPECT_TRUE(request.keep_alive);
}

TEST(RequestParser, SplitsTheTargetAtTheFirstQuestionMark) {
  const FramedRequest request = accept("GET /api/events?from=a?b&to=%23 HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(request.target, "/api/events?from=a?b&to=%23");
  EXPECT_EQ(request.path, "/api/events");
  EXPECT_EQ(request.query, "from=a?b&to=%23");
  EXPECT_EQ(request.body, "");
}

TEST(RequestParser, TakesAnyTokenAsMethod) {
  for (const std::string method : {"GET", "HEAD", "DELETE", "get", "M-SEARCH", "!#$%&'*+-.^_`|~0aZ"}) {
    EXPECT_EQ(accept(method + " / HTTP/1.1\r\nHost: h\r\n\r\n").method, method);
  }
}

TEST(RequestParser, ReadsTheFormsOfATarget) {
  struct Case {
    std::string method, target, path, query, host;
  };
  const std::vector<Case> cases = {
      {"GET", "/", "/", "", "h"},
      {"GET", "/?", "/", "", "h"},
      {"GET", "//x/../y", "//x/../y", "", "h"},
      {"GET", "/a{}|\"<>\\^`", "/a{}|\"<>\\^`", "", "h"},
      {"GET", "http://example.org/a/b?c=d", "/a/b", "c=d", "example.org"},
      {"GET", "HTTP://example.org:81", "/", "", "example.org:81"},
      {"GET", "https://[::1]:8443?x", "/", "x", "[::1]:8443"},
      {"OPTIONS", "*", "*", "", "h"},
      {"OPTIONS", "/x", "/x", "", "h"},
  };
  for (const Case& expected : cases) {
    const FramedRequest request = accept(expected.method + " " + expected.target + " HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(request.target, expected.target);
    EXPECT_EQ(request.path, expected.path) << expected.target;
    EXPECT_EQ(request.query, expected.query) << expected.target;
    EXPECT_EQ(request.host, expected.host) << expected.target;
  }
}

TEST(RequestParser, RefusesABadRequestLine) {
  const std::vector<Refusal> cases = {
      {" GET / HTTP/1.1\r\n", 400, "request line: no method and space at its start"},
      {"GET\t/ HTTP/1.1\r\n", 400, "request line: no method and space at its start"},
      {"G(T / HTTP/1.1\r\n", 400, "request line: no method and space at its start"},
      {"GET\r\n", 400, "request line: no method and space at its start"},
      {"GET \r\n", 400, "request line: no target after the method and one space"},
      {"GET  / HTTP/1.1\r\n", 400, "request line: no target after the method and one space"},
      {"GET /\r\n", 400, "request line: no HTTP version after the target"},
      {"GET / \r\n", 400, "request line: what follows the target is not HTTP/1.0 or HTTP/1.1"},
      {"GET /  HTTP/1.1\r\n", 400, "request line: what follows the target is not HTTP/1.0 or HTTP/1.1"},
      {"GET / HTTP/1.1 \r\n", 400, "request line: what follows the target is not HTTP/1.0 or HTTP/1.1"},
      {"GET / x HTTP/1.1\r\n", 400, "request line: what follows the target is not HTTP/1.0 or HTTP/1.1"},
      {"GET / http/1.1\r\n", 400, "request line: what follows the target is not HTTP/1.0 or HTTP/1.1"},
      {"GET / HTTP/1.10\r\n", 400, "request line: what follows the target is not HTTP/1.0 or HTTP/1.1"},
      {"GET / HTTP/1\r\n", 400, "request line: what follows the target is not HTTP/1.0 or HTTP/1.1"},
      {"GET / HTTP/+1.1\r\n", 400, "request line: what follows the target is not HTTP/1.0 or HTTP/1.1"},
      {"GET / HTTP/0.9\r\n", 505, "request line: only HTTP/1.0 and HTTP/1.1 are served"},
      {"GET / HTTP/1.2\r\n", 505, "request line: only HTTP/1.0 and HTTP/1.1 are served"},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "request line: only HTTP/1.0 and HTTP/1.1 are served"},
      {"GET /a#b HTTP/1.1\r\n", 400, "request line: the target has a character that must be percent-encoded, or a #"},
      {"GET /\x80 HTTP/1.1\r\n", 400, "request line: the target has a character that must be percent-encoded, or a #"},
      {"GET /a\tb HTTP/1.1\r\n", 400, "request line: the target has a character that must be percent-encoded, or a #"},
      {"GET * HTTP/1.1\r\n", 400, "request line: the target * is for OPTIONS only"},
      {"GET a/b HTTP/1.1\r\n", 400, "request line: the target begins neither with / nor with http://"},
      {"GET ?x HTTP/1.1\r\n", 400, "request line: the target begins neither with / nor with http://"},
      {"GET ftp://h/ HTTP/1.1\r\n", 400, "request line: the target begins neither with / nor with http://"},
      {"GET h:80 HTTP/1.1\r\n", 400, "request line: the target begins neither with / nor with http://"},
      {"GET http:///x HTTP/1.1\r\n", 400, "request line: the target names no valid host"},
      {"GET http://u@h/x HTTP/1.1\r\n", 400, "request line: the target names no valid host"},
      {"GET http://h:8o/x HTTP/1.1\r\n", 400, "request line: the target names no valid host"},
      {"CONNECT h:443 HTTP/1.1\r\n", 501, "request line: CONNECT: this server is no proxy"},
      {"GET / HTTP/1.1\n", 400, "request line: a line feed without a carriage return before it"},
      {"\nGET / HTTP/1.1\r\n", 400, "request line: a line feed without a carriage return before it"},
      {"GET /\rHTTP/1.1\r\n", 400, "request line: a carriage return without a line feed behind it"},
      {"GET / HTTP/1.1\rHost: h\r\r", 400, "request line: a carriage return without a line feed behind it"},
      {"GET /\0 HTTP/1.1\r\n"sv, 400, "request line: a control character"},
      {"GET /\x7f HTTP/1.1\r\n", 400, "request line: a control character"},
      {"\x16\x03\x01\x02", 400, "request line: a control character"},
      {"\r\n\r\n\r\n\r\n\r\n", 400, "request line: too many empty lines before it"},
  };
  for (const Refusal& expected : cases) expect_refusal(expected);
}

TEST(RequestParser, PassesOverAFewEmptyLinesBeforeARequest) {
  EXPECT_EQ(accept("\r\n\r\n\r\n\r\nGET /x HTTP/1.1\r\nHost: h\r\n\r\n").path, "/x");
  const Outcome only_empty_lines = frame("\r\n\r\n");
  EXPECT_EQ(only_empty_lines.failure.status, 0);
  EXPECT_FALSE(only_empty_lines.in_progress);
}

TEST(RequestParser, TrimsHeaderValuesAndKeepsTheirBytes) {
  const FramedRequest request =
      accept("GET / HTTP/1.1\r\nHost:h\r\nA: \t a\tb  c \t\r\nB:\r\nC: \xc3\xa4\xff\r\nD:  \r\na:::\r\n\r\n");
  EXPECT_EQ(request.headers,
            (Headers{{"Host", "h"}, {"A", "a\tb  c"}, {"B", ""}, {"C", "\xc3\xa4\xff"}, {"D", ""}, {"a", "::"}}));
}

TEST(RequestParser, RefusesABadHeaderLineAndSaysWhich) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"Name value", "a space or tab in or after the name"},
      {"Name", "no colon after the name"},
      {"Name : value", "a space or tab in or after the name"},
      {"Name\t: value", "a space or tab in or after the name"},
      {": value", "no name before the colon"},
      {":", "no name before the colon"},
      {" folded", "begins with a space or tab: folded lines are not accepted"},
      {"\tfolded: x", "begins with a space or tab: folded lines are not accepted"},
      {"Na(me: value", "a character in the name that no name may have"},
      {"Na\xc3\xa4me: value", "a character in the name that no name may have"},
      {"\"Name\": value", "a character in the name that no name may have"},
      {std::string("Name: a\0b", 9), "a control character"},
      {std::string("Na\0me: a", 8), "a control character"},
      {"Name: a\x0b", "a control character"},
      {"Name: a\x7f", "a control character"},
      {"Name: a\nOther: b", "a line feed without a carriage return before it"},
      {"Name: a\rOther: b", "a carriage return without a line feed behind it"},
      {"Name: a\r", "a carriage return without a line feed behind it"},
  };
  for (const auto& [line, wrong] : cases) {
    const std::string bytes = "GET / HTTP/1.1\r\nHost: h\r\nX: y\r\n" + line + "\r\n\r\n";
    expect_refusal({bytes, 400, "header line 3: " + wrong});
  }
}

TEST(RequestParser, FindsHeadersInAnyCase) {
  const std::string bytes = "GET / HTTP/1.1\r\nHost: h\r\nOrIgIn: http://a\r\norigin: http://b\r\nX-Empty:\r\n\r\n";
  std::vector<char> buffer(bytes.begin(), bytes.end());
  RequestParser parser;
  ASSERT_EQ(parser.parse(buffer), RequestParser::Status::kReady);
  EXPECT_EQ(find_header(parser.request(), "origin"), "http://a");
  EXPECT_EQ(find_header(parser.request(), "ORIGIN"), "http://a");
  EXPECT_EQ(find_header(parser.request(), "x-empty"), "");
  EXPECT_EQ(find_header(parser.request(), "origi"), std::nullopt);
  EXPECT_EQ(find_header(parser.request(), "referer"), std::nullopt);
}

TEST(RequestParser, WantsExactlyOneValidHost) {
  for (const std::string_view host : {"", "h", "localhost:8080", "127.0.0.1", "[::1]", "[::1]:80",
                                      "[v1.x]:", "a_b.c-d~", "%41", "h:", ":80", "a,b;c=d"}) {
    EXPECT_EQ(accept("GET / HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n").host, host);
  }
  for (const std::string_view host : {"h h", "h/x", "h:8x", "h:80:80", "u@h", "[::1", "[]", "::1", "[::1]x", "h]",
                                      "<h>", "h\\x", "\xc3\xa4", "h?", "h#", "[a%25b]"}) {
    const std::string bytes = "GET / HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n";
    expect_refusal({bytes, 400, "header line 1: Host is not a host with an optional port"});
  }
  expect_refusal({"GET / HTTP/1.1\r\n\r\n", 400, "no Host header in a request of HTTP/1.1"});
  expect_refusal({"GET http://h/ HTTP/1.1\r\n\r\n", 400, "no Host header in a request of HTTP/1.1"});
  expect_refusal({"GET / HTTP/1.1\r\nHost: h\r\nhost: h\r\n\r\n", 400, "header line 2: a second Host"});
  expect_refusal({"GET / HTTP/1.0\r\nHost: h\r\nHost: i\r\n\r\n", 400, "header line 2: a second Host"});
  EXPECT_EQ(accept("GET / HTTP/1.0\r\n\r\n").host, "");
}

TEST(RequestParser, KnowsWhetherTheConnectionStaysOpen) {
  struct Case {
    std::string_view version, headers;
    bool keep_alive;
  };
  const std::vector<Case> cases = {
      {"HTTP/1.1", "", true},
      {"HTTP/1.1", "Connection: close\r\n", false},
      {"HTTP/1.1", "connection: CLOSE\r\n", false},
      {"HTTP/1.1", "Connection: keep-alive, close\r\n", false},
      {"HTTP/1.1", "Connection: upgrade ,\tClose ,,x\r\n", false},
      {"HTTP/1.1", "Connection: x\r\nConnection: close\r\n", false},
      {"HTTP/1.1", "Connection: closed\r\n", true},
      {"HTTP/1.1", "Connection: \"close\"\r\n", true},
      {"HTTP/1.1", "Connection: Upgrade\r\nUpgrade: websocket\r\n", true},
      {"HTTP/1.1", "Connection:\r\n", true},
      {"HTTP/1.0", "", false},
      {"HTTP/1.0", "Connection: Keep-Alive\r\n", true},
      {"HTTP/1.0", "Connection: keep-alive, close\r\n", false},
      {"HTTP/1.0", "Connection: x\r\n", false},
  };
  for (const Case& expected : cases) {
    const std::string bytes =
        "GET / " + std::string(expected.version) + "\r\nHost: h\r\n" + std::string(expected.headers) + "\r\n";
    EXPECT_EQ(accept(bytes).keep_alive, expected.keep_alive) << bytes;
  }
}

TEST(RequestParser, SaysWhenTheClientWaitsForContinue) {
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n";
  EXPECT_FALSE(frame(head).wants_continue);
  EXPECT_TRUE(frame(head + "\r\n").wants_continue);
  EXPECT_TRUE(frame(head + "\r\n1").wants_continue);
  EXPECT_EQ(accept(head + "\r\n12").body, "12");
  EXPECT_TRUE(
      frame("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n").wants_continue);
  EXPECT_FALSE(frame("POST / HTTP/1.0\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n").wants_continue);
  EXPECT_EQ(accept("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n\r\n").body, "");
  EXPECT_EQ(refuse("POST / HTTP/1.1\r\nHost: h\r\nExpect: 200-ok\r\n").error, "expectation failed");
  expect_refusal({"POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue, x\r\n", 417,
                  "header line 2: the only expectation understood is 100-continue"});
}

TEST(RequestParser, AsksForContinueOnlyUntilItWasSent) {
  std::string bytes = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n";
  RequestParser parser;
  ASSERT_EQ(parser.parse(bytes), RequestParser::Status::kNeedMore);
  EXPECT_TRUE(parser.wants_continue());
  parser.continue_sent();
  EXPECT_FALSE(parser.wants_continue());
  bytes += "1";
  ASSERT_EQ(parser.parse(bytes), RequestParser::Status::kNeedMore);
  EXPECT_FALSE(parser.wants_continue());
}

TEST(RequestParser, SaysHowFarARequestHasCome) {
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n";
  EXPECT_FALSE(frame("").in_progress);
  EXPECT_FALSE(frame("\r\n").in_progress);
  EXPECT_TRUE(frame("P").in_progress);
  EXPECT_TRUE(frame("\r\nPOST").in_progress);
  EXPECT_FALSE(frame("POST / HTTP/1.1\r\n").head_complete);
  EXPECT_TRUE(frame("POST / HTTP/1.1\r\n").in_progress);
  EXPECT_FALSE(frame(head.substr(0, head.size() - 1)).head_complete);
  EXPECT_TRUE(frame(head).head_complete);
  EXPECT_TRUE(frame(head + "1").head_complete);
  const Outcome after = frame(head + "12");
  EXPECT_FALSE(after.in_progress);
  EXPECT_FALSE(after.head_complete);
}

TEST(RequestParser, RenewsItsViewsWhenTheBufferHasMoved) {
  const std::string bytes =
      "POST /x?y HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n";
  std::vector<char> buffer(bytes.begin(), bytes.end());
  RequestParser parser;
  ASSERT_EQ(parser.parse(buffer), RequestParser::Status::kReady);
  std::vector<char> moved = buffer;
  moved.push_back('G');
  std::vector<char>().swap(buffer);
  ASSERT_EQ(parser.parse(moved), RequestParser::Status::kReady);
  EXPECT_EQ(parser.consumed(), bytes.size());
  EXPECT_EQ(parser.request().method.data(), moved.data());
  EXPECT_EQ(parser.request().query, "y");
  EXPECT_EQ(parser.request().body, "abc");
  EXPECT_EQ(find_header(parser.request(), "host"), "h");
}

TEST(RequestParser, StaysFailed) {
  std::string bytes = "BAD\r\n";
  RequestParser parser;
  ASSERT_EQ(parser.parse(bytes), RequestParser::Status::kFailed);
  bytes += "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  EXPECT_EQ(parser.parse(bytes), RequestParser::Status::kFailed);
  EXPECT_EQ(parser.failure().status, 400);
  EXPECT_EQ(parser.failure().error, "bad request");
  EXPECT_FALSE(parser.head_complete());
}

TEST(RequestParser, TakesPipelinedRequestsOneByOne) {
  std::string bytes;
  for (int number = 0; number < 100; ++number) {
    const std::string text = std::to_string(number);
    bytes += "POST /" + text + " HTTP/1.1\r\nHost: h\r\n";
    if (number % 3 == 0) bytes += "Content-Length: " + std::to_string(text.size()) + "\r\n\r\n" + text;
    if (number % 3 == 1)
      bytes += "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n" + std::to_string(text.size()) + "\r\n" + text +
               "\r\n0\r\n\r\n";
    if (number % 3 == 2) bytes += "X: y\r\n\r\n";
  }
  const Outcome whole = feed_whole(bytes);
  EXPECT_EQ(feed_byte_by_byte(bytes), whole);
  EXPECT_EQ(whole.failure.status, 0);
  EXPECT_EQ(whole.left, 0U);
  ASSERT_EQ(whole.requests.size(), 100U);
  for (std::size_t number = 0; number < 100; ++number) {
    const std::string text = std::to_string(number);
    EXPECT_EQ(whole.requests[number].path, "/" + text);
    EXPECT_EQ(whole.requests[number].body, number % 3 == 0 ? text : number % 3 == 1 ? "x" + text : "");
    EXPECT_EQ(whole.requests[number].headers.size(), 2U);
  }
}

}  // namespace
}  // namespace evh::http_api::test
