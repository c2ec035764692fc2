// CORS, as a browser sees it.
#include <nlohmann/json.hpp>
#include <string>

#include "harness/requests.h"
#include "harness/server.h"
#include "harness/system_test.h"

namespace evh::system_test {
namespace {

using testing::Contains;
using testing::IsSupersetOf;

class Cors : public SystemTest {
 protected:
  static std::string origin(const std::string& value) { return "Origin: " + value + "\r\n"; }

  static std::string preflight(const std::string& from, const std::string& method) {
    return request_bytes("OPTIONS", "/api/events",
                         origin(from) + "Access-Control-Request-Method: " + method +
                             "\r\nAccess-Control-Request-Headers: content-type\r\n");
  }

  static std::size_t stored_in(const Server& server) {
    return nlohmann::json::parse(server.ask(get_request(kAllEvents)).body).size();
  }
};

constexpr const char* kAllowed = "http://localhost:3000";

TEST_F(Cors, LetsTheConfiguredOriginIn) {
  const Server server(folder_);
  const HttpResponse response = server.ask(post_request(event_json(1, "a"), origin(kAllowed)));
  EXPECT_THAT(response, IsCreated());
  EXPECT_EQ(response.header("Access-Control-Allow-Origin"), kAllowed);
  EXPECT_FALSE(response.has_header("Access-Control-Allow-Credentials"));
  EXPECT_THAT(list_of(response.header("Vary")), Contains("origin"));
}

TEST_F(Cors, ShowsErrorsToTheConfiguredOrigin) {
  const Server server(folder_);
  for (const std::string& request :
       {post_request("{bad}", origin(kAllowed)), get_request("/api/events", origin(kAllowed)),
        get_request("/nowhere", origin(kAllowed))}) {
    const HttpResponse response = server.ask(request);
    EXPECT_GE(response.status, 400) << request;
    EXPECT_EQ(response.header("Access-Control-Allow-Origin"), kAllowed) << request;
  }
}

TEST_F(Cors, TurnsOtherOriginsAwayAndStoresNothing) {
  const Server server(folder_);
  for (const char* from : {"http://evil.example", "http://localhost:3001", "https://localhost:3000",
                           "http://localhost:3000.evil.example", "null"}) {
    const HttpResponse response = server.ask(post_request(event_json(1, "a"), origin(from)));
    EXPECT_EQ(response.status, 403) << from;
    EXPECT_EQ(response.header("Content-Type"), "application/json");
    EXPECT_TRUE(nlohmann::json::parse(response.body).contains("error")) << response.body;
    EXPECT_FALSE(response.has_header("Access-Control-Allow-Origin")) << from;
    EXPECT_THAT(list_of(response.header("Vary")), Contains("origin"));
    EXPECT_EQ(server.ask(get_request(kAllEvents, origin(from))).status, 403) << from;
    EXPECT_EQ(server.ask(preflight(from, "POST")).status, 403) << from;
  }
  EXPECT_EQ(stored_in(server), 0U);
}

TEST_F(Cors, LetsTheServersOwnPagesIn) {
  const Server server(folder_);
  const std::string own = "127.0.0.1:" + std::to_string(server.port());
  const std::string body = event_json(1, "a");
  const std::string request = "POST /api/events HTTP/1.1\r\nHost: " + own + "\r\nOrigin: http://" + own +
                              "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  EXPECT_THAT(server.ask(request), IsCreated());
  EXPECT_EQ(stored_in(server), 1U);
}

TEST_F(Cors, AnswersAPreflightWithWhatIsAllowed) {
  const Server server(folder_);
  const HttpResponse response = server.ask(preflight(kAllowed, "POST"));
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.body, "");
  EXPECT_FALSE(response.has_header("Content-Length"));
  EXPECT_EQ(response.header("Access-Control-Allow-Origin"), kAllowed);
  EXPECT_THAT(list_of(response.header("Access-Control-Allow-Methods")), IsSupersetOf({"get", "post"}));
  EXPECT_THAT(list_of(response.header("Access-Control-Allow-Headers")), Contains("content-type"));
  EXPECT_THAT(list_of(response.header("Vary")), Contains("origin"));
  EXPECT_EQ(stored_in(server), 0U);
}

TEST_F(Cors, KeepsTheConnectionBehindAPreflight) {
  const Server server(folder_);
  HttpConnection connection(server.port());
  EXPECT_EQ(connection.ask(preflight(kAllowed, "POST")).status, 204);
  EXPECT_THAT(connection.ask(post_request(event_json(1, "a"), origin(kAllowed))), IsCreated());
}

TEST_F(Cors, LetsEveryoneInWithAStar) {
  const Server server(folder_, {.http = {{"cors_allow_origins", "\"*\""}}});
  const HttpResponse response = server.ask(post_request(event_json(1, "a"), origin("http://any.example")));
  EXPECT_THAT(response, IsCreated());
  EXPECT_EQ(response.header("Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(server.ask(preflight("http://any.example", "GET")).status, 204);
}

TEST_F(Cors, TakesListsOfOriginsMethodsAndHeaders) {
  const Server server(folder_, {.http = {{"cors_allow_origins", "http://a.example,https://b.example:8443"},
                                         {"cors_allow_methods", "GET"},
                                         {"cors_allow_headers", "X-One,X-Two"}}});
  for (const char* from : {"http://a.example", "https://b.example:8443"}) {
    const HttpResponse response = server.ask(preflight(from, "GET"));
    EXPECT_EQ(response.status, 204) << from;
    EXPECT_EQ(response.header("Access-Control-Allow-Origin"), from);
    EXPECT_EQ(list_of(response.header("Access-Control-Allow-Methods")), std::vector<std::string>{"get"});
    EXPECT_EQ(list_of(response.header("Access-Control-Allow-Headers")), (std::vector<std::string>{"x-one", "x-two"}));
  }
  EXPECT_EQ(server.ask(preflight(kAllowed, "GET")).status, 403);
}

TEST_F(Cors, AllowsCredentialsWhenToldTo) {
  const Server server(folder_, {.http = {{"cors_allow_credentials", "true"}}});
  EXPECT_EQ(server.ask(get_request("/healthz", origin(kAllowed))).header("Access-Control-Allow-Credentials"), "true");
  EXPECT_EQ(server.ask(preflight(kAllowed, "GET")).header("Access-Control-Allow-Credentials"), "true");
}

TEST_F(Cors, RefusesToStartWithAStarAndCredentials) {
  ChildProcess process(
      Server::command(folder_, {.http = {{"cors_allow_origins", "\"*\""}, {"cors_allow_credentials", "true"}}}));
  const std::optional<int> exit = process.wait_for_exit(kPatience);
  ASSERT_TRUE(exit);
  EXPECT_GT(*exit, 0);
  const std::string said = process.output() + process.errors();
  EXPECT_THAT(said, testing::HasSubstr("cors_allow_credentials"));
  EXPECT_THAT(said, testing::Not(testing::HasSubstr("\"listening\"")));
}

}  // namespace
}  // namespace evh::system_test
