// Bytes that are no good HTTP, and good HTTP that few clients speak.
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/requests.h"
#include "harness/server.h"
#include "harness/system_test.h"

namespace evh::system_test {
namespace {

using nlohmann::json;

class BadHttp : public SystemTest {
 protected:
  std::size_t stored() const { return json::parse(server_.ask(get_request(kAllEvents)).body).size(); }

  // The answer must be a refusal, and the end of the connection.
  void expect_refused(const std::string& bytes, int status) const {
    SCOPED_TRACE(testing::PrintToString(bytes));
    HttpConnection connection(server_.port());
    connection.send(bytes);
    const HttpResponse response = connection.read_response();
    EXPECT_EQ(response.status, status) << testing::PrintToString(response);
    EXPECT_EQ(response.header("Connection"), "close");
    EXPECT_EQ(response.header("Content-Type"), "application/json");
    const json error = json::parse(response.body);
    EXPECT_FALSE(error["error"].get<std::string>().empty());
    EXPECT_FALSE(error["details"].get<std::string>().empty());
    EXPECT_TRUE(connection.is_closed_within(kPatience));
  }

  const Server server_{folder_};
};

const std::string kHost = "Host: localhost\r\n";
const std::string kPost = "POST /api/events HTTP/1.1\r\n" + kHost;
const std::string kEvent = event_json(1, "a");

TEST_F(BadHttp, RefusesMalformedRequestLines) {
  const std::vector<std::string> lines{"GET\r\n\r\n",
                                       "GET /healthz\r\n\r\n",
                                       "GET  /healthz HTTP/1.1\r\n" + kHost + "\r\n",
                                       "GET /healthz  HTTP/1.1\r\n" + kHost + "\r\n",
                                       "GET /health z HTTP/1.1\r\n" + kHost + "\r\n",
                                       " GET /healthz HTTP/1.1\r\n" + kHost + "\r\n",
                                       "G(T /healthz HTTP/1.1\r\n" + kHost + "\r\n",
                                       "GET healthz HTTP/1.1\r\n" + kHost + "\r\n",
                                       "GET /healthz HTTP/1\r\n" + kHost + "\r\n",
                                       "GET /healthz http/1.1\r\n" + kHost + "\r\n",
                                       "GET /h\x01 HTTP/1.1\r\n" + kHost + "\r\n",
                                       "\x16\x03\x01\x02\x01\x01\r\n\r\n"};
  for (const std::string& bytes : lines) expect_refused(bytes, 400);
  expect_refused("GET /healthz HTTP/2.0\r\n" + kHost + "\r\n", 505);
}

TEST_F(BadHttp, RefusesMalformedHeaders) {
  const std::string line = "GET /healthz HTTP/1.1\r\n";
  for (const std::string& bytes :
       std::vector<std::string>{line + "\r\n",                                             // no Host
                                line + kHost + kHost + "\r\n",                             // two of them
                                line + kHost + "X-One : 1\r\n\r\n",                        // a space before the colon
                                line + kHost + "no colon\r\n\r\n",                         //
                                line + kHost + ": no name\r\n\r\n",                        //
                                line + kHost + "X-One: 1\r\n folded\r\n\r\n",              //
                                line + kHost + "X-One: a\rb\r\n\r\n",                      // a bare CR
                                line + kHost + std::string("X-One: a\0b\r\n\r\n", 15)}) {  // NUL
    expect_refused(bytes, 400);
  }
}

TEST_F(BadHttp, RefusesBareLineFeeds) {
  expect_refused("GET /healthz HTTP/1.1\nHost: localhost\n\n", 400);
  expect_refused("GET /healthz HTTP/1.1\r\nHost: localhost\n\r\n", 400);
}

TEST_F(BadHttp, RefusesLengthsThatAreNoNumber) {
  for (const char* length : {"abc", "-1", "+5", "5 5", "0x10", "", "5,5", "1e3"}) {
    expect_refused(kPost + "Content-Length: " + length + "\r\n\r\n" + kEvent, 400);
  }
}

TEST_F(BadHttp, RefusesTwoLengths) {
  const std::string length = "Content-Length: " + std::to_string(kEvent.size()) + "\r\n";
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  expect_refused(kPost + length + "Content-Length: 1\r\n\r\n" + kEvent, 400);
  expect_refused(kPost + length + length + "\r\n" + kEvent, 400);
  expect_refused(kPost + length + chunked + "\r\n0\r\n\r\n", 400);
  expect_refused(kPost + chunked + length + "\r\n0\r\n\r\n", 400);
  expect_refused(kPost + chunked + chunked + "\r\n0\r\n\r\n", 400);
  expect_refused(kPost + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501);
  EXPECT_EQ(stored(), 0U);
}

TEST_F(BadHttp, RefusesMalformedChunks) {
  const std::string chunked = kPost + "Transfer-Encoding: chunked\r\n\r\n";
  for (const std::string& chunks :
       {std::string("x\r\n"), std::string("-1\r\n"), std::string("\r\n"), std::string("5\r\n{\"a\":1}\r\n"),
        std::string("11111111111111111\r\n"), std::string("2\n{}\n"), std::string("2\r\n{}\r\n0\r\nbad trailer\r\n")}) {
    expect_refused(chunked + chunks, chunks.starts_with("1111") ? 400 : 400);
  }
  EXPECT_EQ(stored(), 0U);
}

TEST_F(BadHttp, StoresNothingOfABodyThatIsCutShort) {
  {
    HttpConnection closes(server_.port());
    closes.send(kPost + "Content-Length: 1000\r\n\r\n" + kEvent);
    closes.close();
    HttpConnection resets(server_.port());
    resets.send(kPost + "Content-Length: 1000\r\n\r\n" + kEvent);
    resets.reset();
    HttpConnection half_closes(server_.port());
    half_closes.send(kPost + "Content-Length: 1000\r\n\r\n" + kEvent);
    half_closes.half_close();
    // A refusal or just the end; never a success.
    try {
      EXPECT_GE(half_closes.read_response().status, 400);
    } catch (const ConnectionError& error) {
      EXPECT_EQ(error.kind(), ConnectionError::Kind::kClosed) << error.what();
    }
    HttpConnection chunks(server_.port());
    chunks.send(kPost + "Transfer-Encoding: chunked\r\n\r\nff\r\n" + kEvent);
    chunks.close();
  }
  EXPECT_EQ(server_.ask(get_request("/healthz")).status, 200);
  EXPECT_EQ(stored(), 0U);
}

TEST_F(BadHttp, TakesTheRestOfALongerBodyForTheNextRequest) {
  HttpConnection connection(server_.port());
  connection.send(kPost + "Content-Length: " + std::to_string(kEvent.size()) + "\r\n\r\n" + kEvent + "garbage\r\n\r\n");
  EXPECT_THAT(connection.read_response(), IsCreated());
  EXPECT_EQ(connection.read_response().status, 400);
  EXPECT_TRUE(connection.is_closed_within(kPatience));
  EXPECT_EQ(stored(), 1U);
}

TEST_F(BadHttp, AnswersAHundredPipelinedRequestsInOrder) {
  constexpr int kRequests = 100;
  std::string packet;
  for (int i = 0; i < kRequests; ++i) {
    const std::string number = std::to_string(i);
    packet += i % 4 == 0   ? get_request("/api/events?from=mark-" + number)
              : i % 4 == 1 ? post_request(event_json(i, "pipelined-" + number))
              : i % 4 == 2 ? get_request("/healthz")
                           : get_request(std::string(kAllEvents) + "&limit=1&user_id=" + std::to_string(i - 2));
  }
  HttpConnection connection(server_.port());
  connection.send(packet);
  for (int i = 0; i < kRequests; ++i) {
    SCOPED_TRACE("answer " + std::to_string(i));
    const HttpResponse response = connection.read_response();
    if (i % 4 == 0) {
      EXPECT_THAT(response,
                  IsError(400, "invalid time format",
                          "invalid from parameter: unrecognized time format: \"mark-" + std::to_string(i) + "\""));
    } else if (i % 4 == 1) {
      EXPECT_THAT(response, IsCreated());
    } else if (i % 4 == 2) {
      EXPECT_EQ(response.status, 200);
    } else {
      // What the POST two requests before has stored.
      ASSERT_EQ(response.status, 200);
      EXPECT_EQ(json::parse(response.body).at(0).at("action"), "pipelined-" + std::to_string(i - 2));
    }
  }
  EXPECT_EQ(connection.ask(get_request("/healthz")).status, 200);
}

TEST_F(BadHttp, AnswersARequestThatComesByteByByte) {
  HttpConnection connection(server_.port());
  const std::string chunked = kPost + "Transfer-Encoding: chunked\r\n\r\n" + "4\r\n" + kEvent.substr(0, 4) +
                              "\r\n16\r\n" + kEvent.substr(4) + "\r\n0\r\n\r\n";
  ASSERT_EQ(kEvent.size(), 4U + 0x16U);
  for (const std::string& request : {post_request(kEvent), chunked, post_request(kEvent)}) {
    for (const char byte : request) connection.send({&byte, 1});
    EXPECT_THAT(connection.read_response(), IsCreated());
  }
}

TEST_F(BadHttp, IgnoresAnEmptyLineBeforeARequest) {
  HttpConnection connection(server_.port());
  EXPECT_THAT(connection.ask("\r\n" + post_request(kEvent)), IsCreated());
  EXPECT_THAT(connection.ask("\r\n" + post_request(kEvent)), IsCreated());
}

TEST_F(BadHttp, ClosesBehindConnectionClose) {
  HttpConnection connection(server_.port());
  const HttpResponse response = connection.ask(post_request(kEvent, "Connection: close\r\n"));
  EXPECT_THAT(response, IsCreated());
  EXPECT_EQ(response.header("Connection"), "close");
  EXPECT_TRUE(connection.is_closed_within(kPatience));
}

TEST_F(BadHttp, SpeaksHttp10) {
  const std::string post = "POST /api/events HTTP/1.0\r\nContent-Length: " + std::to_string(kEvent.size()) + "\r\n";
  HttpConnection once(server_.port());
  EXPECT_THAT(once.ask(post + "\r\n" + kEvent), IsCreated());
  EXPECT_TRUE(once.is_closed_within(kPatience));

  HttpConnection kept(server_.port());
  const HttpResponse first = kept.ask(post + "Connection: keep-alive\r\n\r\n" + kEvent);
  EXPECT_THAT(first, IsCreated());
  EXPECT_EQ(first.header("Connection"), "keep-alive");
  EXPECT_THAT(kept.ask(post + "\r\n" + kEvent), IsCreated());
  EXPECT_TRUE(kept.is_closed_within(kPatience));
}

// Chunks came with HTTP/1.1.
TEST_F(BadHttp, StreamsToHttp10WithoutChunks) {
  ASSERT_THAT(server_.ask(post_request(kEvent)), IsCreated());
  HttpConnection connection(server_.port());
  const HttpResponse response = connection.ask("GET " + std::string(kAllEvents) + " HTTP/1.0\r\n\r\n");
  EXPECT_EQ(response.status, 200);
  EXPECT_FALSE(response.has_header("Transfer-Encoding"));
  EXPECT_EQ(json::parse(response.body).size(), 1U);
}

TEST_F(BadHttp, TellsAClientThatAsksToGoOn) {
  HttpConnection connection(server_.port());
  const std::string expects = "Expect: 100-continue\r\n";
  const std::string whole = post_request(kEvent, expects);
  const std::size_t head = whole.size() - kEvent.size();
  EXPECT_EQ(connection.ask(whole.substr(0, head)).status, 100);
  EXPECT_THAT(connection.ask(whole.substr(head)), IsCreated());
  // Nobody who sends the body at once needs to be told.
  const HttpResponse next = connection.ask(whole);
  if (next.status == 100) {
    EXPECT_THAT(connection.read_response(), IsCreated());
  } else {
    EXPECT_THAT(next, IsCreated());
  }

  HttpConnection too_large(server_.port());
  EXPECT_THAT(too_large.ask(kPost + expects + "Content-Length: 2000000\r\n\r\n"), IsErrorOf(413, "request too large"));
  HttpConnection unknown(server_.port());
  EXPECT_EQ(unknown.ask(kPost + "Expect: 200-ok\r\nContent-Length: 2\r\n\r\n").status, 417);
}

TEST_F(BadHttp, AnswersAClientThatHasClosedItsHalf) {
  HttpConnection post(server_.port());
  post.send(post_request(kEvent));
  post.half_close();
  EXPECT_THAT(post.read_response(), IsCreated());
  EXPECT_TRUE(post.is_closed_within(kPatience));

  HttpConnection get(server_.port());
  get.send(get_request(kAllEvents));
  get.half_close();
  EXPECT_EQ(json::parse(get.read_response().body).size(), 1U);
  EXPECT_TRUE(get.is_closed_within(kPatience));
}

TEST_F(BadHttp, ReadsAnAbsoluteTarget) {
  EXPECT_EQ(server_.ask("GET http://localhost/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").status, 200);
}

}  // namespace
}  // namespace evh::system_test
