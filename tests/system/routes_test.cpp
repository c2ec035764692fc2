// What is around the events: other paths and methods, BASE_PATH, health, the access log.
#include <signal.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "harness/requests.h"
#include "harness/server.h"
#include "harness/system_test.h"

namespace evh::system_test {
namespace {

using nlohmann::json;

class Routes : public SystemTest {
 protected:
  const Server server_{folder_};
};

TEST_F(Routes, AnswersUnknownPathsWithNotFound) {
  for (const char* target : {"/", "/api", "/api/", "/api/event", "/api/events/", "/api/events/1", "/events",
                             "/api/%65vents/x", "//api/events", "/api/../healthz"}) {
    EXPECT_THAT(server_.ask(get_request(target)), IsErrorOf(404, "not found")) << target;
  }
}

TEST_F(Routes, AnswersHeadOfAnUnknownPathWithoutABody) {
  HttpConnection connection(server_.port());
  EXPECT_EQ(connection.ask(request_bytes("HEAD", "/nowhere"), HttpConnection::Question::kHead).status, 404);
  EXPECT_EQ(connection.ask(get_request("/healthz")).status, 200);
}

TEST_F(Routes, RefusesOtherMethodsAndNamesTheAllowedOnes) {
  for (const char* method : {"DELETE", "PUT", "PATCH", "TRACE", "BREW", "get"}) {
    const HttpResponse response = server_.ask(request_bytes(method, "/api/events"));
    EXPECT_THAT(response, IsErrorOf(405, "method not allowed")) << method;
    EXPECT_THAT(list_of(response.header("Allow")), testing::IsSupersetOf({"get", "head", "post"})) << method;
  }
  const HttpResponse response = server_.ask(request_bytes("POST", "/healthz"));
  EXPECT_THAT(response, IsErrorOf(405, "method not allowed"));
  EXPECT_THAT(list_of(response.header("Allow")),
              testing::AllOf(testing::IsSupersetOf({"get", "head"}), testing::Not(testing::Contains("post"))));
}

TEST_F(Routes, TellsThatTheProcessLivesAndIsReady) {
  for (const char* target : {"/healthz", "/readyz"}) {
    HttpConnection connection(server_.port());
    EXPECT_EQ(connection.ask(get_request(target)).status, 200) << target;
    EXPECT_EQ(connection.ask(request_bytes("HEAD", target), HttpConnection::Question::kHead).status, 200) << target;
    EXPECT_EQ(connection.ask(get_request(target)).status, 200) << target;
  }
}

TEST_F(Routes, GivesEveryRequestAnIdOfItsOwn) {
  std::set<std::string> ids;
  HttpConnection connection(server_.port());
  for (int i = 0; i < 50; ++i) {
    ids.insert(connection.ask(get_request("/healthz")).header("X-Request-Id"));
    ids.insert(server_.ask(get_request("/nowhere")).header("X-Request-Id"));
  }
  EXPECT_EQ(ids.size(), 100U);
  EXPECT_FALSE(ids.contains(""));
}

TEST_F(Routes, LogsOneLineARequest) {
  const HttpResponse created = server_.ask(post_request(event_json(1, "a"), "Authorization: secret\r\n"));
  const HttpResponse refused = server_.ask(get_request("/api/events?from=private"));
  const HttpResponse unknown = server_.ask(get_request("/nowhere"));
  const auto all_logged = [this] { return server_.log("HTTP request").size() == 3; };
  ASSERT_TRUE(eventually(all_logged)) << server_.log("HTTP request").size() << " lines";

  const std::vector<json> lines = server_.log("HTTP request");
  const auto line_of = [&lines](const HttpResponse& response) {
    for (const json& line : lines) {
      if (line["request_id"] == response.header("X-Request-Id")) return line;
    }
    return json();
  };
  for (const auto& [response, method, path] :
       {std::tuple(created, "POST", "/api/events"), std::tuple(refused, "GET", "/api/events")}) {
    const json line = line_of(response);
    ASSERT_TRUE(line.is_object()) << testing::PrintToString(response);
    EXPECT_EQ(line["level"], "info");
    EXPECT_EQ(line["method"], method);
    EXPECT_EQ(line["path"], path);
    EXPECT_EQ(line["status"], response.status);
    EXPECT_EQ(line["client_ip"], "127.0.0.1");
    EXPECT_TRUE(line["duration_sec"].is_number()) << line;
    EXPECT_GE(line["duration_sec"], 0.0);
    EXPECT_LT(line["duration_sec"], 60.0);
    EXPECT_THAT(line["time"].get<std::string>(), testing::EndsWith("Z"));
    EXPECT_EQ(line.dump().find("private"), std::string::npos);
    EXPECT_EQ(line.dump().find("secret"), std::string::npos);
  }
  EXPECT_EQ(line_of(unknown)["status"], 404);
}

class BasePath : public SystemTest {};

TEST_F(BasePath, MayBeEmpty) {
  const Server server(folder_, {.http = {{"base_path", "\"\""}}});
  EXPECT_THAT(server.ask(request_bytes("POST", "/events", {}, event_json(1, "a"))), IsCreated());
  EXPECT_EQ(json::parse(server.ask(get_request("/events?from=2020-01-01&to=9999-01-01")).body).size(), 1U);
  EXPECT_THAT(server.ask(post_request(event_json(1, "a"))), IsErrorOf(404, "not found"));
}

TEST_F(BasePath, MayBeAnother) {
  const Server server(folder_, {.http = {{"base_path", "/other/deep"}}});
  EXPECT_THAT(server.ask(request_bytes("POST", "/other/deep/events", {}, event_json(1, "a"))), IsCreated());
  EXPECT_EQ(server.ask(get_request("/healthz")).status, 200);
  EXPECT_EQ(server.ask(get_request("/readyz")).status, 200);
  EXPECT_THAT(server.ask(post_request(event_json(1, "a"))), IsErrorOf(404, "not found"));
  EXPECT_THAT(server.ask(get_request("/other/deep/healthz")), IsErrorOf(404, "not found"));
}

class Readiness : public SystemTest {};

TEST_F(Readiness, IsTakenBackTheMomentTheShutdownBegins) {
  Server server(folder_, {.host = {{"shutdown_delay", "2s"}}});
  ASSERT_EQ(server.ask(get_request("/readyz")).status, 200);
  server.signal(SIGTERM);
  ASSERT_TRUE(eventually([&] { return !server.log("shutdown begins").empty(); }));

  // The load balancer has the delay to notice; until then the server does its work.
  HttpConnection connection(server.port());
  EXPECT_EQ(connection.ask(get_request("/readyz")).status, 503);
  EXPECT_EQ(connection.ask(get_request("/healthz")).status, 200);
  EXPECT_THAT(connection.ask(post_request(event_json(1, "late"))), IsCreated());
  EXPECT_FALSE(server.wait_for_exit(Milliseconds(0)));
  EXPECT_EQ(server.wait_for_exit(kPatience), 0);
}

}  // namespace
}  // namespace evh::system_test
