// GET /events over a store that fails, before the first byte and behind it.
#include <nlohmann/json.hpp>

#include "plugin_test.h"

namespace evh::http_api_test {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr const char* kTarget = "/api/events?from=2025-01-01&to=2025-01-31";

class GetEvents : public PluginTest {
 protected:
  void add_events(std::size_t count) {
    constexpr Time kNewYear = std::chrono::sys_days{std::chrono::January / 1 / 2025};
    for (std::size_t i = 0; i < count; ++i) {
      store_.add(1, "view", R"({"page":"/home"})", kNewYear + std::chrono::seconds(i));
    }
  }

  // More than a page of the plugin: the first one is sent before the last is read.
  static constexpr std::size_t kSeveralPages = 5000;
};

TEST_F(GetEvents, IsAnEmptyArrayWhenThereAreNone) {
  start();
  const HttpResponse response = ask(get_request(kTarget));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "[]");
  EXPECT_EQ(response.header("Content-Type"), "application/json");
}

TEST_F(GetEvents, IsWholeWhateverTheStoresBlocksAre) {
  start();
  add_events(2500);
  for (const std::size_t block : {1U, 7U, 1000U, 5000U}) {
    store_.set_block_size(block);
    const json events = json::parse(ask(get_request(kTarget)).body);
    ASSERT_EQ(events.size(), 2500U) << "blocks of " << block;
    for (std::size_t i = 0; i < events.size(); ++i) ASSERT_EQ(events[i]["id"], i + 1);
  }
}

TEST_F(GetEvents, FailsWithEveryCodeThatAScanMayHave) {
  start();
  add_events(10);
  for (const evh_code code :
       {EVH_INVALID, EVH_UNAVAILABLE, EVH_TIMEOUT, EVH_CANCELLED, EVH_UNKNOWN_OUTCOME, EVH_INTERNAL}) {
    store_.fail_scans(code);
    EXPECT_THAT(ask(get_request(kTarget)), IsError(500, "failed to fetch events", "")) << testing::PrintToString(code);
    EXPECT_THAT(ask(get_request(std::string(kTarget) + "&limit=5")), IsError(500, "failed to fetch events", ""));
  }
  store_.heal();
  EXPECT_EQ(json::parse(ask(get_request(kTarget)).body).size(), 10U);
}

TEST_F(GetEvents, AsksToComeBackWhenEveryReaderOfTheStoreIsBusy) {
  start();
  store_.fail_scans(EVH_OVERLOADED);
  const HttpResponse response = ask(get_request(kTarget));
  EXPECT_THAT(response, IsError(503, "server busy", "every reader of the store is busy"));
  EXPECT_EQ(response.header("Retry-After"), "1");
}

TEST_F(GetEvents, FailsAsAWholeWhenTheFirstPageDoes) {
  start();
  add_events(100);
  store_.fail_scans(EVH_UNAVAILABLE, 50);
  EXPECT_THAT(ask(get_request(kTarget)), IsError(500, "failed to fetch events", ""));
}

// What was sent arrives; that there is no last chunk tells the client that it is not all.
TEST_F(GetEvents, EndsWithoutItsLastChunkWhenALaterPageFails) {
  start();
  add_events(kSeveralPages);
  for (int i = 0; i < 20; ++i) {
    store_.heal();
    HttpConnection client = connect();
    client.send(get_request(kTarget));
    ASSERT_EQ(client.read_head().status, 200);
    store_.fail_scans(EVH_UNAVAILABLE);
    std::string body;
    try {
      while (const auto part = client.read_body_part()) body += *part;
    } catch (const ConnectionError& error) {
      EXPECT_EQ(error.kind(), ConnectionError::Kind::kClosed) << error.what();
      EXPECT_TRUE(body.starts_with(R"([{"id":1,)"));
      EXPECT_TRUE(body.ends_with("}")) << "pages are sent whole";
      return;
    }
    EXPECT_EQ(json::parse(body).size(), kSeveralPages) << "all was read before the store failed: once more";
  }
  FAIL() << "the store always failed too late";
}

TEST_F(GetEvents, IsResetForAClientOfHttp10WhenALaterPageFails) {
  start();
  add_events(kSeveralPages);
  for (int i = 0; i < 20; ++i) {
    store_.heal();
    HttpConnection client = connect();
    client.send("GET " + std::string(kTarget) + " HTTP/1.0\r\n\r\n");
    const HttpResponse head = client.read_head();
    ASSERT_EQ(head.status, 200);
    EXPECT_FALSE(head.has_header("Transfer-Encoding"));
    store_.fail_scans(EVH_UNAVAILABLE);
    std::string body;
    try {
      while (const auto part = client.read_body_part()) body += *part;
    } catch (const ConnectionError& error) {
      EXPECT_EQ(error.kind(), ConnectionError::Kind::kReset) << error.what();
      return;
    }
    EXPECT_EQ(json::parse(body).size(), kSeveralPages) << "a clean end means that it is whole";
  }
  FAIL() << "the store always failed too late";
}

TEST_F(GetEvents, AnswersHeadAsGetWithoutTheBody) {
  start();
  add_events(kSeveralPages);
  HttpConnection client = connect();
  for (const char* query : {"", "&limit=10", "&limit=10000", "&user_id=2"}) {
    const std::string target = std::string(kTarget) + query;
    const HttpResponse head = client.ask(request_bytes("HEAD", target), Question::kHead);
    const HttpResponse get = client.ask(get_request(target));
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(get.status, 200);
    for (const char* name : {"Content-Type", "Content-Length", "Transfer-Encoding", "Link"}) {
      EXPECT_EQ(head.header(name), get.header(name)) << target;
    }
  }
}

TEST_F(GetEvents, LeadsFromPageToPageUntilAllAreRead) {
  start();
  add_events(95);
  std::string target = std::string(kTarget) + "&limit=10";
  std::size_t events = 0;
  int pages = 0;
  for (; !target.empty() && pages < 20; ++pages) {
    const HttpResponse page = ask(get_request(target));
    for (const json& event : json::parse(page.body)) ASSERT_EQ(event["id"], ++events);
    const std::string link = page.header("Link");
    target = link.empty() ? "" : link.substr(1, link.find('>') - 1);
  }
  EXPECT_EQ(events, 95U);
  EXPECT_EQ(pages, 10);
}

TEST_F(GetEvents, AreCappedPerClientAndInAll) {
  start({{"max_streams_per_client", "2"}, {"write_timeout", "60s"}});
  add_events(50'000);
  std::vector<HttpConnection> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back(port_, HttpConnection::Options{.receive_buffer_bytes = 4096});
    readers.back().send(get_request(kTarget));
    ASSERT_EQ(readers.back().read_head().status, 200);
  }
  const HttpResponse refused = ask(get_request(kTarget));
  EXPECT_THAT(refused, IsError(503, "server busy", "too many answers are being streamed, in all or to this client"));
  EXPECT_EQ(refused.header("Retry-After"), "1");
  EXPECT_EQ(ask(get_request(std::string(kTarget) + "&limit=5")).status, 200) << "is no stream";
  readers.pop_back();
  EXPECT_TRUE(eventually([this] { return ask(get_request(kTarget)).status == 200; }));
}

}  // namespace
}  // namespace evh::http_api_test
