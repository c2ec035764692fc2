// Routes that other plugins mount: what their handlers get, and what becomes of their answers.
#include <future>
#include <latch>
#include <semaphore>
#include <thread>

#include "evh/testkit/bystander_thread.h"
#include "mounted_routes.h"

namespace evh::http_api_test {
namespace {

class MountedRoutes : public RouteTest {
 protected:
  MountedRoutes() { start({{"workers", "2"}}); }

  static void nothing(void*, const evh_request*, const evh_responder* responder) { respond(*responder, 200, ""); }

  // Answers with the name, so that one can see who answered.
  static Handler named(std::string name) {
    return [name](const evh_request&, const evh_responder& responder) { respond(responder, 200, name); };
  }
};

TEST_F(MountedRoutes, GetTheRequest) {
  mount("PUT", "/things/", EVH_ROUTE_QUICK, [](const evh_request& request, const evh_responder& responder) {
    std::string seen;
    for (const evh_str part : {request.method, request.path, request.query, request.body, request.client_ip}) {
      seen.append(view(part)).append("|");
    }
    for (std::size_t i = 0; i < request.header_count; ++i) {
      if (view(request.headers[i].name) == "X-Mine") seen.append(view(request.headers[i].value));
    }
    EXPECT_FALSE(view(request.request_id).empty());
    respond(responder, 200, seen);
  });
  EXPECT_EQ(ask(request_bytes("PUT", "/things/a%20b?c=d&e", "X-Mine:  yes \r\n", "body")).body,
            "PUT|/things/a%20b|c=d&e|body|127.0.0.1|yes");
}

TEST_F(MountedRoutes, GetThePathWithoutTheBasePath) {
  mount("GET", "/things/", EVH_ROUTE_UNDER_BASE, [](const evh_request& request, const evh_responder& responder) {
    respond(responder, 200, view(request.path));
  });
  EXPECT_EQ(ask(get_request("/api/things/x")).body, "/things/x");
  EXPECT_EQ(ask(get_request("/%61%70i/things/x")).body, "/things/x") << "however the client has written it";
  EXPECT_EQ(ask(get_request("/things/x")).status, 404);
}

TEST_F(MountedRoutes, AnswerHeadAsGetWithoutTheBody) {
  mount("GET", "/thing", EVH_ROUTE_QUICK, [](const evh_request& request, const evh_responder& responder) {
    EXPECT_EQ(view(request.method), "GET");
    respond(responder, 200, "12345");
  });
  HttpConnection client = connect();
  EXPECT_EQ(client.ask(request_bytes("HEAD", "/thing"), Question::kHead).header("Content-Length"), "5");
  EXPECT_EQ(client.ask(get_request("/thing")).body, "12345");
}

TEST_F(MountedRoutes, RunOnAWorkerWhenTheyBlock) {
  std::counting_semaphore<> go_on(0);
  mount("GET", "/slow", EVH_ROUTE_BLOCKING, [&](const evh_request&, const evh_responder& responder) {
    go_on.acquire();
    respond(responder, 200, "slow");
  });
  HttpConnection client = connect();
  client.send(get_request("/slow"));
  EXPECT_EQ(ask(get_request("/healthz")).status, 200) << "the server has other threads";
  go_on.release();
  EXPECT_EQ(client.read_response().body, "slow");
}

TEST_F(MountedRoutes, AreRefusedWhenTheQueueOfTheWorkersIsFull) {
  constexpr std::size_t kWorkers = 2;
  constexpr std::size_t kQueue = 1024;
  std::counting_semaphore<> go_on(0);
  std::atomic<std::size_t> running = 0;
  mount("GET", "/slow", EVH_ROUTE_BLOCKING, [&](const evh_request&, const evh_responder& responder) {
    ++running;
    go_on.acquire();
    respond(responder, 200, "slow");
  });
  std::vector<HttpConnection> clients;
  const auto ask_one_more = [&] {
    clients.push_back(connect());
    clients.back().send(get_request("/slow"));
  };
  for (std::size_t i = 0; i < kWorkers; ++i) ask_one_more();
  ASSERT_TRUE(eventually([&] { return running == kWorkers; }));
  for (std::size_t i = 0; i < kQueue; ++i) ask_one_more();
  HttpConnection refused = connect();
  ASSERT_TRUE(eventually([&] {
    refused = connect();
    refused.send(get_request("/slow"));
    return refused.is_readable_within(Milliseconds(100));
  }));
  EXPECT_THAT(refused.read_response(),
              IsError(503, "server busy", "every worker is taken, and so is the queue for them"));
  go_on.release(2 * kQueue);
  for (HttpConnection& client : clients) ASSERT_EQ(client.read_response().body, "slow");
}

TEST_F(MountedRoutes, MayBeAnsweredLaterFromAnotherThread) {
  std::promise<Retained> handed_over;
  mount("POST", "/later", EVH_ROUTE_QUICK,
        [&](const evh_request&, const evh_responder& responder) { handed_over.set_value(Retained(responder)); });
  HttpConnection client = connect();
  client.send(request_bytes("POST", "/later", {}, "x"));
  std::jthread answerer([&] {
    const testkit::BystanderThread bystander;
    const Retained later = handed_over.get_future().get();
    respond(*later, 202, "at last");
    respond(*later, 500, "a second answer is ignored");
  });
  const HttpResponse response = client.read_response();
  EXPECT_EQ(response.status, 202);
  EXPECT_EQ(response.body, "at last");
  EXPECT_EQ(client.ask(get_request("/healthz")).status, 200);
}

TEST_F(MountedRoutes, SeeTheirRequestUntilTheyReleaseIt) {
  std::promise<std::pair<Retained, const evh_request*>> handed_over;
  mount("POST", "/later", EVH_ROUTE_QUICK, [&](const evh_request& request, const evh_responder& responder) {
    handed_over.set_value({Retained(responder), &request});
  });
  const std::string body(20'000, 'b');
  HttpConnection client = connect();
  client.send(request_bytes("POST", "/later", {}, body));
  const auto [later, request] = handed_over.get_future().get();
  client.reset();
  for (int i = 0; i < 50; ++i) ask(request_bytes("POST", "/nowhere", {}, std::string(20'000, 'c')));
  EXPECT_EQ(view(request->body), body);
  respond(*later, 200, "too late");
}

TEST_F(MountedRoutes, ThatAreNeverAnsweredAre500) {
  mount("GET", "/forgotten", EVH_ROUTE_QUICK, [](const evh_request&, const evh_responder&) {});
  mount("GET", "/forgotten-later", EVH_ROUTE_QUICK,
        [](const evh_request&, const evh_responder& responder) { const Retained dropped(responder); });
  EXPECT_THAT(ask(get_request("/forgotten")),
              IsError(500, "internal error", "the request was dropped without an answer"));
  EXPECT_EQ(ask(get_request("/forgotten-later")).status, 500);
}

TEST_F(MountedRoutes, OfTheLongestPathWin) {
  mount("GET", "/a/", EVH_ROUTE_QUICK, named("/a/"));
  mount("GET", "/a/b/", EVH_ROUTE_QUICK, named("/a/b/"));
  mount("GET", "/a/b/c", EVH_ROUTE_QUICK, named("/a/b/c"));
  mount("GET", "/", EVH_ROUTE_QUICK, named("/"));
  for (const auto& [target, name] : {std::pair("/a/b/c", "/a/b/c"), std::pair("/a/b/c/", "/a/b/"),
                                     std::pair("/a/b/", "/a/b/"), std::pair("/a/b", "/a/"), std::pair("/a", "/"),
                                     std::pair("/a/%62/%63", "/a/b/c"), std::pair("/a%2Fb/c", "/")}) {
    EXPECT_EQ(ask(get_request(target)).body, name) << target;
  }
}

TEST_F(MountedRoutes, AreRefusedWhenTheyAreBadOrTaken) {
  EXPECT_EQ(try_mount("get", "/x", EVH_ROUTE_QUICK, &nothing), EVH_INVALID);
  EXPECT_EQ(try_mount("", "/x", EVH_ROUTE_QUICK, &nothing), EVH_INVALID);
  EXPECT_EQ(try_mount("GET", "x", EVH_ROUTE_QUICK, &nothing), EVH_INVALID);
  EXPECT_EQ(try_mount("GET", "", EVH_ROUTE_QUICK, &nothing), EVH_INVALID);
  EXPECT_EQ(try_mount("GET", "/x?y", EVH_ROUTE_QUICK, &nothing), EVH_INVALID);
  EXPECT_EQ(try_mount("GET", "/x\r\n", EVH_ROUTE_QUICK, &nothing), EVH_INVALID);
  EXPECT_EQ(try_mount("GET", "/x", EVH_ROUTE_QUICK, nullptr), EVH_INVALID);
  EXPECT_EQ(try_mount(nullptr, "/x", EVH_ROUTE_QUICK, &nothing), EVH_INVALID);
  EXPECT_EQ(try_mount("GET", nullptr, EVH_ROUTE_QUICK, &nothing), EVH_INVALID);
  EXPECT_EQ(try_mount("GET", "/x", 1 << 20, &nothing), EVH_INVALID) << "a flag of a later release";
  EXPECT_EQ(try_mount("GET", "/healthz", EVH_ROUTE_QUICK, &nothing), EVH_INVALID);
  EXPECT_EQ(try_mount("POST", "/events", EVH_ROUTE_UNDER_BASE, &nothing), EVH_INVALID);
  unmount(nullptr, nullptr);
  unmount("GET", "/never-mounted");
}

TEST_F(MountedRoutes, AreTakenAwayWhereTheyWereMounted) {
  mount("GET", "/twice", EVH_ROUTE_QUICK, named("plain"));
  mount("GET", "/twice", EVH_ROUTE_UNDER_BASE, named("under base"));
  unmount("GET", "/twice", EVH_ROUTE_UNDER_BASE);
  EXPECT_EQ(ask(get_request("/twice")).body, "plain");
  EXPECT_EQ(ask(get_request("/api/twice")).status, 404);
}

TEST_F(MountedRoutes, AreGoneAfterUnmountAndMayComeAgain) {
  for (int i = 0; i < 3; ++i) {
    mount("GET", "/now", EVH_ROUTE_QUICK, named("here"));
    EXPECT_EQ(ask(get_request("/now")).body, "here");
    unmount_all();
    EXPECT_EQ(ask(get_request("/now")).status, 404);
  }
}

TEST_F(MountedRoutes, KeepUnmountWaitingUntilTheirHandlersHaveReturned) {
  std::latch running(1);
  std::counting_semaphore<> go_on(0);
  std::atomic<bool> is_first = true;
  mount("GET", "/slow", EVH_ROUTE_BLOCKING, [&](const evh_request&, const evh_responder& responder) {
    if (is_first.exchange(false)) {
      running.count_down();
      go_on.acquire();
    }
    respond(responder, 200, "slow");
  });
  HttpConnection client = connect();
  client.send(get_request("/slow"));
  running.wait();
  std::atomic<bool> unmounted = false;
  std::jthread unmounting([&] {
    const testkit::BystanderThread bystander;
    unmount("GET", "/slow");
    unmounted = true;
  });
  EXPECT_TRUE(eventually([&] { return ask(get_request("/slow")).status == 404; })) << "taken away at once";
  EXPECT_FALSE(unmounted);
  go_on.release();
  EXPECT_EQ(client.read_response().body, "slow");
  EXPECT_TRUE(eventually([&] { return unmounted.load(); }));
}

TEST_F(MountedRoutes, DoNotKeepUnmountWaitingForALateAnswer) {
  std::promise<Retained> handed_over;
  mount("GET", "/later", EVH_ROUTE_QUICK,
        [&](const evh_request&, const evh_responder& responder) { handed_over.set_value(Retained(responder)); });
  HttpConnection client = connect();
  client.send(get_request("/later"));
  const Retained later = handed_over.get_future().get();
  unmount("GET", "/later");
  respond(*later, 200, "late");
  EXPECT_EQ(client.read_response().body, "late");
}

TEST_F(MountedRoutes, MayBeTakenAwayUnderLoad) {
  std::atomic<bool> over = false;
  std::atomic<int> answered = 0;
  const auto load = [&] {
    const testkit::BystanderThread bystander;
    HttpConnection client = connect();
    while (!over) {
      for (const char* target : {"/quick", "/blocking"}) {
        const HttpResponse response = client.ask(get_request(target));
        EXPECT_TRUE(response.status == 404 || (response.status == 200 && response.body == target));
        ++answered;
      }
    }
  };
  {
    std::jthread first(load), second(load);
    for (int i = 0; i < 50; ++i) {
      mount("GET", "/quick", EVH_ROUTE_QUICK, named("/quick"));
      mount("GET", "/blocking", EVH_ROUTE_BLOCKING, named("/blocking"));
      const int before = answered;
      EXPECT_TRUE(eventually([&] { return answered > before + 4; }));
      unmount_all();  // frees the handlers: none may run any more
    }
    over = true;
  }
}

// ---- what reaches the wire ----

TEST_F(MountedRoutes, CannotBreakOutOfTheirHeaders) {
  mount("GET", "/injects", EVH_ROUTE_QUICK, [](const evh_request&, const evh_responder& responder) {
    respond(responder, 200, "body",
            {{str("X-Good"), str("yes")},
             {str("X-Injects"), str("a\r\nX-Evil: 1")},
             {str("X-Evil: 1\r\nX-Name"), str("a")},
             {str("X-Feed"), str("a\nX-Evil: 1")},
             {str("X-Nul"), evh_str{"a\0b", 3}},
             {str(""), str("no name")},
             {str("Content-Length"), str("1")},
             {str("transfer-encoding"), str("chunked")},
             {str("Connection"), str("close")},
             {str("X-Request-Id"), str("mine")},
             {str("Date"), str("yesterday")}});
  });
  HttpConnection client = connect();
  const HttpResponse response = client.ask(get_request("/injects"));
  EXPECT_EQ(response.body, "body");
  EXPECT_EQ(response.header("X-Good"), "yes");
  EXPECT_EQ(response.header("Content-Length"), "4");
  EXPECT_NE(response.header("X-Request-Id"), "mine");
  for (const char* name : {"X-Evil", "X-Injects", "X-Feed", "X-Nul", "Transfer-Encoding", "Connection"}) {
    EXPECT_FALSE(response.has_header(name)) << name;
  }
  EXPECT_EQ(client.ask(get_request("/healthz")).status, 200);
}

// The client takes the head for the whole answer: bytes behind it would be its next one.
TEST_F(MountedRoutes, CannotPutABodyBehindAnAnswerThatHasNone) {
  for (const int status : {204, 304}) {
    const std::string route = "/" + std::to_string(status);
    const std::string body = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nEVIL";
    mount("GET", route, EVH_ROUTE_QUICK,
          [=](const evh_request&, const evh_responder& responder) { respond(responder, status, body); });
    mount("GET", route + "/stream", EVH_ROUTE_QUICK, [=](const evh_request&, const evh_responder& responder) {
      EXPECT_EQ(responder.begin_stream(responder.self, status, nullptr, 0), EVH_OK);
      EXPECT_EQ(responder.try_write(responder.self, str(body), nullptr, nullptr), EVH_CANCELLED);
      responder.end_stream(responder.self, 1);
    });
    HttpConnection client = connect();
    for (const std::string& target : {route, route + "/stream"}) {
      EXPECT_EQ(client.ask(get_request(target)).status, status);
      EXPECT_EQ(client.ask(get_request("/nowhere")).status, 404) << target;
    }
  }
}

TEST_F(MountedRoutes, CannotAnswerWithAStatusThatIsNoFinalOne) {
  for (const int status : {-1, 0, 99, 100, 101, 199, 600, 1000}) {
    mount("GET", "/" + std::to_string(status), EVH_ROUTE_QUICK,
          [=](const evh_request&, const evh_responder& responder) { respond(responder, status, "body"); });
    const HttpResponse response = ask(get_request("/" + std::to_string(status)));
    EXPECT_EQ(response.status, 500) << status;
    EXPECT_EQ(response.body, "body");
  }
  ASSERT_TRUE(eventually([this] { return requests().size() == 8; }));
  for (const LogLine& line : requests()) EXPECT_EQ(line.fields.at("status"), "500");
}

}  // namespace
}  // namespace evh::http_api_test
