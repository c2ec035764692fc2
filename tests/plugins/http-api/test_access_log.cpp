// A line a request, with what operators look for and nothing that clients would not want in there.
#include "plugin_test.h"

namespace evh::http_api_test {
namespace {

class AccessLog : public PluginTest {
 protected:
  // The lines, as soon as there are so many.
  std::vector<LogLine> lines(std::size_t count) {
    EXPECT_TRUE(eventually([&] { return requests().size() >= count; }));
    EXPECT_EQ(requests().size(), count);
    return requests();
  }
};

TEST_F(AccessLog, HasOneLineARequest) {
  start();
  const HttpResponse created = ask(post_request(event_json(1, "secret"), "Cookie: secret\r\n"));
  const LogLine line = lines(1).at(0);
  EXPECT_EQ(line.level, Level::kInfo);
  EXPECT_EQ(line.fields.at("method"), "POST");
  EXPECT_EQ(line.fields.at("path"), "/api/events");
  EXPECT_EQ(line.fields.at("status"), "201");
  EXPECT_EQ(line.fields.at("client_ip"), "127.0.0.1");
  EXPECT_EQ(line.fields.at("request_id"), created.header("X-Request-Id"));
  EXPECT_GE(std::stod(line.fields.at("duration_sec")), 0.0);
  EXPECT_LT(std::stod(line.fields.at("duration_sec")), 60.0);
  EXPECT_EQ(testing::PrintToString(line).find("secret"), std::string::npos);
}

TEST_F(AccessLog, NamesTheRouteAndNotTheQuery) {
  start();
  ask(get_request("/api/events?from=private"));
  ask(request_bytes("HEAD", "/healthz?private"), Question::kHead);
  const auto both = lines(2);
  EXPECT_EQ(both[0].fields.at("path"), "/api/events");
  EXPECT_EQ(both[0].fields.at("status"), "400");
  EXPECT_EQ(both[1].fields.at("method"), "HEAD");
  EXPECT_EQ(both[1].fields.at("path"), "/healthz");
  for (const LogLine& line : both) EXPECT_EQ(testing::PrintToString(line).find("private"), std::string::npos);
}

TEST_F(AccessLog, ShowsTheStartOfATargetThatNoRouteHas) {
  start();
  ask(get_request("/" + std::string(1000, 'x')));
  const LogLine line = lines(1).at(0);
  EXPECT_EQ(line.fields.at("path"), "-");
  EXPECT_EQ(line.fields.at("status"), "404");
  EXPECT_EQ(line.fields.at("target"), "/" + std::string(255, 'x'));
}

TEST_F(AccessLog, IsNotFilledByAMethodOfManyLetters) {
  start();
  EXPECT_EQ(ask(request_bytes(std::string(10'000, 'M'), "/healthz")).status, 405);
  EXPECT_LE(lines(1).at(0).fields.at("method").size(), 32U);
}

TEST_F(AccessLog, HasWhatCouldNotBeRead) {
  start();
  ask("GET /\x01 HTTP/1.1\r\n\r\n");
  const LogLine line = lines(1).at(0);
  EXPECT_EQ(line.fields.at("method"), "-");
  EXPECT_EQ(line.fields.at("status"), "400");
}

TEST_F(AccessLog, TakesTheIdThatAClientBringsIfItIsHarmless) {
  start();
  EXPECT_EQ(ask(get_request("/healthz", "X-Request-Id: abc-123_4.5\r\n")).header("X-Request-Id"), "abc-123_4.5");
  EXPECT_NE(ask(get_request("/healthz", "X-Request-Id: a b\r\n")).header("X-Request-Id"), "a b");
  EXPECT_NE(ask(get_request("/healthz", "X-Request-Id: " + std::string(65, 'a') + "\r\n")).header("X-Request-Id"),
            std::string(65, 'a'));
  EXPECT_EQ(lines(3).at(0).fields.at("request_id"), "abc-123_4.5");
}

TEST_F(AccessLog, Says499WhenTheClientLeftFirst) {
  start();
  store_.hold();
  HttpConnection client = connect();
  client.send(post_request(event_json(1, "gone")));
  ASSERT_TRUE(store_.wait_for_held(1));
  client.reset();
  EXPECT_EQ(lines(1).at(0).fields.at("status"), "499");
  store_.release();
  ASSERT_TRUE(store_.wait_for_events(1));
  ask(get_request("/healthz"));
  lines(2);
}

TEST_F(AccessLog, HasOneLineForAnAnswerThatBrokeOff) {
  start();
  for (int i = 0; i < 5000; ++i) store_.add(1, "a", "{}", testkit::TestClock::kStart);
  store_.set_block_size(1000);
  for (const char* version : {"1.1", "1.0"}) {
    HttpConnection client(port_, {.receive_buffer_bytes = 4096});
    client.send(std::string("GET /api/events?from=2025-01-01&to=2025-01-02 HTTP/") + version + "\r\nHost: x\r\n\r\n");
    client.read_head();
    store_.fail_scans(EVH_INTERNAL);
    try {
      while (client.read_body_part()) continue;
    } catch (const ConnectionError&) {  // broken off, unless the store failed too late
    }
    store_.heal();
  }
  ask(get_request("/healthz"));
  lines(3);
}

TEST_F(AccessLog, CanBeTurnedOff) {
  start({{"access_log", "false"}});
  ask(get_request("/healthz"));
  ask(post_request("x"));
  plugin_->drain_stop_and_destroy();
  EXPECT_THAT(requests(), testing::IsEmpty());
}

}  // namespace
}  // namespace evh::http_api_test
