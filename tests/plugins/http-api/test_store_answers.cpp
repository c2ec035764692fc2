// What a client is told for each way in which a store may end an append, and whenever it does.
#include "plugin_test.h"

namespace evh::http_api_test {
namespace {

class PostEvent : public PluginTest {
 protected:
  HttpResponse post() { return ask(post_request(event_json(1, "login"))); }
};

MATCHER(IsCreated, "is 201 Created with an empty body") {
  *result_listener << "is " << arg.status << " " << arg.body;
  return arg.status == 201 && arg.body.empty() && arg.header("Content-Length") == "0" &&
         arg.header("Content-Type") == "application/json";
}

// A store may be done before append has returned: the fake is.
TEST_F(PostEvent, IsCreatedByAStoreThatIsDoneAtOnce) {
  start();
  EXPECT_THAT(post(), IsCreated());
  ASSERT_EQ(store_.events().size(), 1U);
  EXPECT_EQ(store_.events()[0].user_id, 1);
  EXPECT_EQ(store_.events()[0].action, "login");
  EXPECT_EQ(store_.events()[0].metadata, "{}");
}

TEST_F(PostEvent, IsCreatedByAStoreThatIsDoneOnAnotherThread) {
  start();
  store_.hold();
  HttpConnection client = connect();
  client.send(post_request(event_json(1, "login")));
  ASSERT_TRUE(store_.wait_for_held(1));
  EXPECT_FALSE(client.is_readable_within(Milliseconds(0))) << "not durable yet";
  store_.release();
  EXPECT_THAT(client.read_response(), IsCreated());
}

TEST_F(PostEvent, ThatTheStoreRefusesIsAServerError) {
  start();
  store_.refuse([](const evh_new_event& event) { return view(event.action) == "login"; });
  EXPECT_THAT(post(), IsError(500, "failed to insert event", ""));
  EXPECT_THAT(ask(post_request(event_json(1, "other"))), IsCreated());
}

TEST_F(PostEvent, IsAnsweredForEveryCodeOfTheStore) {
  struct Expected {
    evh_code code;
    int status;
    const char *error, *details, *retry_after;
  };
  constexpr int kUnknownCode = 77;
  const Expected expectations[] = {
      {EVH_INVALID, 500, "failed to insert event", "", ""},
      {EVH_UNAVAILABLE, 503, "store unavailable", "the event was not stored", "1"},
      {EVH_OVERLOADED, 503, "store unavailable", "the queue of the store is full", "1"},
      {EVH_TIMEOUT, 503, "store unavailable", "the store did not get to the event in time; it was not stored", "1"},
      {EVH_CANCELLED, 503, "store unavailable", "the event was not stored", "1"},
      {EVH_NOT_FOUND, 500, "failed to insert event", "", ""},
      {EVH_UNKNOWN_OUTCOME, 503, "store unavailable", "the event may have been stored", "1"},
      {EVH_INTERNAL, 500, "failed to insert event", "", ""},
      {kUnknownCode, 500, "failed to insert event", "", ""},
  };
  start();
  for (const Expected& expected : expectations) {
    SCOPED_TRACE(testkit::code_name(expected.code));
    store_.fail_appends(expected.code, 1);
    const HttpResponse response = post();
    EXPECT_THAT(response, IsError(expected.status, expected.error, expected.details));
    EXPECT_EQ(response.header("Retry-After"), expected.retry_after);
  }
  EXPECT_THAT(store_.events(), testing::IsEmpty());
}

TEST_F(PostEvent, WhoseOutcomeIsLostMayHaveBeenStored) {
  start();
  store_.lose_answers(1);
  EXPECT_THAT(post(), IsError(503, "store unavailable", "the event may have been stored"));
  EXPECT_EQ(store_.events().size(), 1U);
  EXPECT_THAT(post(), IsCreated());
}

TEST_F(PostEvent, GivesTheStoreSoMuchTime) {
  start({{"store_timeout", "2s"}});
  store_.hold();
  HttpConnection client = connect();
  client.send(post_request(event_json(1, "login")));
  ASSERT_TRUE(store_.wait_for_held(1));
  host_.clock().advance(std::chrono::milliseconds(1999));
  store_.expire_held();
  EXPECT_EQ(store_.held(), 1U);
  host_.clock().advance(std::chrono::milliseconds(2));
  store_.expire_held();
  EXPECT_EQ(client.read_response().status, 503);
}

TEST_F(PostEvent, WhoseClientLeftIsStoredAndAnswersNobodyElse) {
  start();
  store_.hold();
  constexpr int kClients = 20;
  for (std::size_t i = 1; i <= kClients; ++i) {
    HttpConnection client = connect();
    client.send(post_request(event_json(1, "gone")));
    ASSERT_TRUE(store_.wait_for_held(i));
    i % 2 == 0 ? client.reset() : client.close();
  }
  std::vector<HttpConnection> others;  // most likely on the descriptors of those that left
  for (int i = 0; i < kClients; ++i) {
    others.push_back(connect());
    EXPECT_EQ(others.back().ask(get_request("/healthz")).status, 200);
  }
  store_.release();
  ASSERT_TRUE(store_.wait_for_events(kClients));
  for (HttpConnection& other : others) {
    EXPECT_EQ(other.ask(get_request("/nowhere")).status, 404) << "the answer of another";
  }
}

TEST_F(PostEvent, DoesNotHoldUpTheOthersOfAPipeline) {
  start();
  HttpConnection client = connect();
  std::string requests;
  for (int i = 0; i < 50; ++i) requests += post_request(event_json(1, "n" + std::to_string(i)));
  client.send(requests + get_request("/nowhere"));
  for (int i = 0; i < 50; ++i) EXPECT_THAT(client.read_response(), IsCreated());
  EXPECT_EQ(client.read_response().status, 404);
  const auto events = store_.events();
  ASSERT_EQ(events.size(), 50U);
  for (std::size_t i = 0; i < events.size(); ++i) EXPECT_EQ(events[i].action, "n" + std::to_string(i));
}

}  // namespace
}  // namespace evh::http_api_test
