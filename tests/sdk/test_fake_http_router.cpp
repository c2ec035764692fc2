#include "evh/testkit/fake_http_router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <functional>
#include <future>
#include <stdexcept>
#include <thread>

#include "evh/testkit/temp_folder.h"
#include "evh/text.hpp"

namespace evh::testkit {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Handler = std::function<void(const evh_request&, const evh_responder&)>;

// Mounts handlers as a plugin does, and unmounts them at the end.
class FakeHttpRouterTest : public testing::Test {
 protected:
  FakeHttpRouter router;

  evh_code mount(const char* method, const char* route, Handler handler, std::int32_t flags = EVH_ROUTE_QUICK) {
    Handler& kept = *handlers_.emplace_back(std::make_unique<Handler>(std::move(handler)));
    return table().mount(
        table().self, method, route, flags,
        [](void* ctx, const evh_request* request, const evh_responder* responder) {
          (*static_cast<Handler*>(ctx))(*request, *responder);
        },
        &kept, nullptr);
  }
  void unmount(const char* method, const char* route, std::int32_t flags = EVH_ROUTE_QUICK) {
    table().unmount(table().self, method, route, flags);
  }
  [[nodiscard]] const evh_http_router& table() const { return router.table(); }

  static void respond(const evh_responder& responder, std::int32_t status, std::string_view body) {
    responder.respond(responder.self, status, nullptr, 0, str(body));
  }
  static Handler says(std::string text) {
    return
        [text = std::move(text)](const evh_request&, const evh_responder& responder) { respond(responder, 200, text); };
  }
  static evh_code write(
      const evh_responder& responder, std::string_view chunk,
      void (*ready)(void*, std::int32_t) = [](void*, std::int32_t) {}, void* ctx = nullptr) {
    return responder.try_write(responder.self, str(chunk), ready, ctx);
  }

 private:
  std::vector<std::unique_ptr<Handler>> handlers_;
};

TEST_F(FakeHttpRouterTest, HandsTheRequestOver) {
  mount("POST", "/things", [](const evh_request& request, const evh_responder& responder) {
    std::string seen(view(request.method));
    for (const evh_str part : {request.path, request.query, request.body, request.client_ip}) {
      seen.append("|").append(view(part));
    }
    for (std::size_t index = 0; index < request.header_count; ++index) {
      seen.append("|").append(view(request.headers[index].name)).append("=").append(view(request.headers[index].value));
    }
    EXPECT_FALSE(view(request.request_id).empty());
    respond(responder, 201, seen);
  });
  const HttpAnswer answer = router.ask("POST", "/things?a=1?&b", "body", {{"Accept", "*/*"}, {"X", ""}});
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.body, "POST|/things|a=1?&b|body|127.0.0.1|Accept=*/*|X=");
  EXPECT_TRUE(answer.is_complete);
  EXPECT_THAT(router.violations(), IsEmpty());
}

TEST_F(FakeHttpRouterTest, KeepsTheHeadersOfTheAnswer) {
  mount("GET", "/", [](const evh_request&, const evh_responder& responder) {
    const evh_header headers[] = {{str("Content-Type"), str("text/plain")}, {str("X-A"), str("1")}};
    responder.respond(responder.self, 200, headers, 2, str(""));
  });
  const HttpAnswer answer = router.ask("GET", "/");
  EXPECT_EQ(answer.header("content-type"), "text/plain");
  EXPECT_EQ(answer.header("x-a"), "1");
  EXPECT_EQ(answer.header("X-B"), "");
}

TEST_F(FakeHttpRouterTest, LeavesTheBasePathOut) {
  mount(
      "GET", "/path",
      [](const evh_request& request, const evh_responder& responder) { respond(responder, 200, view(request.path)); },
      EVH_ROUTE_UNDER_BASE);
  EXPECT_EQ(router.ask("GET", "/api/path").body, "/path");
  EXPECT_EQ(router.ask("GET", "/path").status, 404);
  EXPECT_THAT(router.mounts(), ElementsAre("GET /api/path"));
}

TEST_F(FakeHttpRouterTest, PrefersTheExactAndThenTheLongestRoute) {
  mount("GET", "/", says("root"));
  mount("GET", "/a/", says("a/"));
  mount("GET", "/a/b/", says("a/b/"));
  mount("GET", "/a/b/c", says("a/b/c"));
  EXPECT_EQ(router.ask("GET", "/").body, "root");
  EXPECT_EQ(router.ask("GET", "/a").body, "root");
  EXPECT_EQ(router.ask("GET", "/a/").body, "a/");
  EXPECT_EQ(router.ask("GET", "/a/b").body, "a/");
  EXPECT_EQ(router.ask("GET", "/a/b/x/y").body, "a/b/");
  EXPECT_EQ(router.ask("GET", "/a/b/c").body, "a/b/c");
  EXPECT_EQ(router.ask("GET", "/a/b/c/d").body, "a/b/");
}

TEST_F(FakeHttpRouterTest, AnswersWhatIsNotMounted) {
  mount("GET", "/x", says("x"));
  mount("DELETE", "/x", says("x"));
  EXPECT_EQ(router.ask("GET", "/y").status, 404);
  const HttpAnswer refused = router.ask("POST", "/x");
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(refused.header("Allow"), "DELETE, GET, HEAD");
}

TEST_F(FakeHttpRouterTest, AnswersHeadAsGetWithoutTheBody) {
  mount("GET", "/x", [](const evh_request& request, const evh_responder& responder) {
    EXPECT_EQ(view(request.method), "GET");
    respond(responder, 200, "text");
  });
  const HttpAnswer answer = router.ask("HEAD", "/x");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "");
}

TEST_F(FakeHttpRouterTest, Answers500WhenNobodyDoes) {
  mount("GET", "/x", [](const evh_request&, const evh_responder&) {});
  EXPECT_EQ(router.ask("GET", "/x").status, 500);
}

TEST_F(FakeHttpRouterTest, WaitsForAnAnswerThatComesLater) {
  std::promise<evh_responder> later;
  mount("GET", "/x", [&](const evh_request&, const evh_responder& responder) {
    responder.retain(responder.self);
    later.set_value(responder);
  });
  const HttpExchange exchange = router.begin({.target = "/x"});
  const evh_responder responder = later.get_future().get();
  EXPECT_EQ(exchange.answer().status, 0);
  EXPECT_THAT(router.violations_after_stop(), Contains("GET /x is still held by a handler"));
  std::jthread answering([&] {
    respond(responder, 200, "late");
    responder.release(responder.self);
  });
  ASSERT_TRUE(exchange.wait());
  EXPECT_EQ(exchange.answer().body, "late");
  answering.join();
  EXPECT_TRUE(exchange.is_released());
}

TEST_F(FakeHttpRouterTest, StreamsAnAnswer) {
  mount("GET", "/x", [](const evh_request&, const evh_responder& responder) {
    EXPECT_EQ(responder.begin_stream(responder.self, 200, nullptr, 0), EVH_OK);
    EXPECT_EQ(write(responder, "one "), EVH_OK);
    EXPECT_EQ(write(responder, "two"), EVH_OK);
    responder.end_stream(responder.self, 1);
  });
  const HttpAnswer answer = router.ask("GET", "/x");
  EXPECT_EQ(answer.body, "one two");
  EXPECT_TRUE(answer.is_stream);
  EXPECT_TRUE(answer.is_complete);
  EXPECT_THAT(router.violations(), IsEmpty());
}

TEST_F(FakeHttpRouterTest, TakesNothingOfAStreamThatAnswersHead) {
  mount("GET", "/x", [](const evh_request&, const evh_responder& responder) {
    EXPECT_EQ(responder.begin_stream(responder.self, 200, nullptr, 0), EVH_OK);
    EXPECT_EQ(write(responder, "text"), EVH_CANCELLED);
    responder.end_stream(responder.self, 0);
  });
  const HttpAnswer answer = router.ask("HEAD", "/x");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "");
  EXPECT_THAT(router.violations(), IsEmpty());
}

TEST_F(FakeHttpRouterTest, CutsAStreamThatFails) {
  mount("GET", "/x", [](const evh_request&, const evh_responder& responder) {
    responder.begin_stream(responder.self, 200, nullptr, 0);
    write(responder, "half");
    responder.end_stream(responder.self, 0);
  });
  const HttpAnswer answer = router.ask("GET", "/x");
  EXPECT_EQ(answer.body, "half");
  EXPECT_FALSE(answer.is_complete);
}

// Streams 1 KiB at a time, whenever there is room, until it has written `left` bytes or the client is gone.
class Writer {
 public:
  Writer(const evh_responder& responder, std::size_t bytes) : responder_(responder), left_(bytes) {
    responder_.retain(responder_.self);
    responder_.begin_stream(responder_.self, 200, nullptr, 0);
  }

  void write() {
    const std::string chunk(1024, 'x');
    while (left_ > 0) {
      const evh_code code = responder_.try_write(responder_.self, str(chunk), &Writer::ready, this);
      if (code == EVH_OVERLOADED) return;
      if (code != EVH_OK) return end(code);
      left_ -= chunk.size();
    }
    end(EVH_OK);
  }

  std::atomic<int> calls_of_ready{0};
  std::atomic<int> gone{-1};
  std::atomic<evh_code> ended{-1};

 private:
  static void ready(void* ctx, std::int32_t gone) {
    Writer& writer = *static_cast<Writer*>(ctx);
    ++writer.calls_of_ready;
    writer.gone = gone;
    writer.write();
  }
  void end(evh_code code) {
    responder_.end_stream(responder_.self, code == EVH_OK ? 1 : 0);
    responder_.release(responder_.self);
    ended = code;
  }

  const evh_responder responder_;
  std::size_t left_;
};

TEST_F(FakeHttpRouterTest, MakesAWriterWaitForAClientThatStalls) {
  constexpr std::size_t kBytes = 4 * HttpExchange::kRoom;
  std::unique_ptr<Writer> writer;
  mount("GET", "/x", [&](const evh_request&, const evh_responder& responder) {
    writer = std::make_unique<Writer>(responder, kBytes);
    writer->write();
  });
  HttpExchange exchange = router.begin({.target = "/x", .stalls = true});
  ASSERT_TRUE(exchange.wait_for_stall());
  EXPECT_EQ(exchange.answer().body.size(), HttpExchange::kRoom);
  EXPECT_EQ(writer->calls_of_ready, 0);
  exchange.resume();
  ASSERT_TRUE(exchange.wait());
  EXPECT_EQ(writer->calls_of_ready, 1);
  EXPECT_EQ(writer->gone, 0);
  EXPECT_EQ(exchange.answer().body.size(), kBytes);
  EXPECT_TRUE(exchange.answer().is_complete);
  EXPECT_THAT(router.violations(), IsEmpty());
}

TEST_F(FakeHttpRouterTest, TellsAWriterThatTheClientIsGone) {
  std::unique_ptr<Writer> writer;
  mount("GET", "/x", [&](const evh_request&, const evh_responder& responder) {
    writer = std::make_unique<Writer>(responder, 4 * HttpExchange::kRoom);
    writer->write();
  });
  HttpExchange exchange = router.begin({.target = "/x", .stalls = true});
  ASSERT_TRUE(exchange.wait_for_stall());
  exchange.vanish();
  EXPECT_EQ(writer->gone, 1);
  EXPECT_EQ(writer->ended, EVH_CANCELLED);
  EXPECT_FALSE(exchange.answer().is_complete);
  EXPECT_THAT(router.violations(), IsEmpty()) << "a client that left is no error";
}

TEST_F(FakeHttpRouterTest, StallsInTheMiddle) {
  std::promise<evh_responder> held;
  mount("GET", "/x", [&](const evh_request&, const evh_responder& responder) {
    responder.retain(responder.self);
    responder.begin_stream(responder.self, 200, nullptr, 0);
    held.set_value(responder);
  });
  HttpExchange exchange = router.begin({.target = "/x"});
  ASSERT_TRUE(exchange.wait_for_status());
  const evh_responder responder = held.get_future().get();
  const std::string large(HttpExchange::kRoom, 'x');
  EXPECT_EQ(write(responder, large), EVH_OK);
  EXPECT_EQ(write(responder, large), EVH_OK);
  ASSERT_TRUE(exchange.wait_for_body(2 * large.size()));
  exchange.stall();
  EXPECT_EQ(write(responder, large + "more than the room, but the first"), EVH_OK);
  EXPECT_EQ(write(responder, "x"), EVH_OVERLOADED);
  exchange.resume();
  EXPECT_EQ(write(responder, "x"), EVH_OK);
  responder.end_stream(responder.self, 1);
  responder.release(responder.self);
  EXPECT_TRUE(exchange.answer().is_complete);
}

TEST_F(FakeHttpRouterTest, RefusesStreamsWhenToldTo) {
  evh_code code = EVH_OK;
  mount("GET", "/x", [&](const evh_request&, const evh_responder& responder) {
    code = responder.begin_stream(responder.self, 200, nullptr, 0);
    if (code != EVH_OK) return respond(responder, 503, "busy");
    responder.end_stream(responder.self, 1);
  });
  router.refuse_streams();
  EXPECT_EQ(router.ask("GET", "/x").status, 503);
  EXPECT_EQ(code, EVH_OVERLOADED);
  router.allow_streams();
  EXPECT_EQ(router.ask("GET", "/x").status, 200);
}

TEST_F(FakeHttpRouterTest, RunsBlockingHandlersBesideTheOneThatAsks) {
  std::promise<void> go_on;
  mount(
      "GET", "/x",
      [future = go_on.get_future().share()](const evh_request&, const evh_responder& responder) {
        future.wait();
        respond(responder, 200, "done");
      },
      EVH_ROUTE_BLOCKING);
  const HttpExchange exchange = router.begin({.target = "/x"});
  EXPECT_EQ(exchange.answer().status, 0);
  go_on.set_value();
  ASSERT_TRUE(exchange.wait());
  EXPECT_EQ(exchange.answer().body, "done");
}

TEST_F(FakeHttpRouterTest, UnmountWaitsForRunningHandlers) {
  std::promise<void> go_on;
  std::atomic<bool> has_returned = false;
  mount(
      "GET", "/x",
      [&, future = go_on.get_future().share()](const evh_request&, const evh_responder& responder) {
        future.wait();
        respond(responder, 200, "done");
        has_returned = true;
      },
      EVH_ROUTE_BLOCKING);
  const HttpExchange exchange = router.begin({.target = "/x"});
  auto unmounted = std::async(std::launch::async, [&] {
    unmount("GET", "/x");
    EXPECT_TRUE(has_returned) << "unmount came back before the handler did";
  });
  ASSERT_TRUE(eventually([&] { return router.mounts().empty(); }));
  EXPECT_EQ(router.ask("GET", "/x").status, 404);
  go_on.set_value();
  unmounted.get();
  EXPECT_THAT(router.violations_after_stop(), IsEmpty());
}

TEST_F(FakeHttpRouterTest, UnmountIgnoresUnknownRoutes) {
  mount("GET", "/x", says("x"), EVH_ROUTE_UNDER_BASE);
  unmount("POST", "/x");
  unmount("GET", "/y");
  EXPECT_EQ(router.ask("GET", "/api/x").body, "x");
  unmount("GET", "/x", EVH_ROUTE_UNDER_BASE);
  EXPECT_THAT(router.mounts(), IsEmpty());
}

TEST_F(FakeHttpRouterTest, ServesFiles) {
  const TempFolder folder;
  std::filesystem::create_directory(folder.path() / "css");
  std::ofstream(folder.path() / "index.html") << "<html>";
  std::ofstream(folder.path() / "css/a.css") << "a {}";
  std::filesystem::create_symlink("/etc/passwd", folder.path() / "link");
  const auto mount_files = [&](const char* route, const char* fallback) {
    return table().mount_files(table().self, route, folder.path().c_str(), fallback, nullptr);
  };
  ASSERT_EQ(mount_files("/ui/", "index.html"), EVH_OK);
  ASSERT_EQ(mount_files("/files/", nullptr), EVH_OK);
  EXPECT_EQ(router.ask("GET", "/ui/css/a.css").body, "a {}");
  EXPECT_EQ(router.ask("GET", "/ui/").body, "<html>");
  EXPECT_EQ(router.ask("GET", "/ui/no/such").body, "<html>");
  EXPECT_EQ(router.ask("GET", "/files/index.html").body, "<html>");
  EXPECT_EQ(router.ask("GET", "/files/no").status, 404);
  EXPECT_EQ(router.ask("GET", "/files/link").status, 404);
  EXPECT_EQ(router.ask("GET", "/files/../index.html").status, 404);
  EXPECT_EQ(mount_files("/bad", nullptr), EVH_INVALID);
  EXPECT_EQ(mount_files("/other/", "missing.html"), EVH_INVALID);
  EXPECT_EQ(table().mount_files(table().self, "/other/", "relative", nullptr, nullptr), EVH_INVALID);
}

TEST_F(FakeHttpRouterTest, ReportsBadRoutes) {
  EXPECT_EQ(mount("get", "/x", says("x")), EVH_INVALID);
  EXPECT_EQ(mount("GET", "x", says("x")), EVH_INVALID);
  EXPECT_EQ(mount("GET", "/a b", says("x")), EVH_INVALID);
  EXPECT_EQ(mount("GET", "/a?b", says("x")), EVH_INVALID);
  EXPECT_EQ(mount("GET", "/x", says("x"), 4), EVH_INVALID);
  EXPECT_EQ(table().mount(table().self, "GET", "/x", 0, nullptr, nullptr, nullptr), EVH_INVALID);
  EXPECT_EQ(router.violations().size(), 6U);
}

TEST_F(FakeHttpRouterTest, ReportsARouteThatIsMountedTwice) {
  EXPECT_EQ(mount("GET", "/x", says("first")), EVH_OK);
  EXPECT_EQ(mount("POST", "/x", says("other")), EVH_OK);
  EXPECT_EQ(mount("GET", "/x", says("second")), EVH_INVALID);
  EXPECT_THAT(router.violations(), ElementsAre(HasSubstr("mounted already")));
  EXPECT_EQ(router.ask("GET", "/x").body, "first");
}

TEST_F(FakeHttpRouterTest, ReportsARouteThatIsLeftMounted) {
  mount("GET", "/x", says("x"));
  EXPECT_THAT(router.violations(), IsEmpty());
  EXPECT_THAT(router.violations_after_stop(), ElementsAre("GET /x is still mounted"));
}

TEST_F(FakeHttpRouterTest, ReportsASecondAnswer) {
  mount("GET", "/x", [](const evh_request&, const evh_responder& responder) {
    respond(responder, 200, "first");
    respond(responder, 500, "second");
    EXPECT_EQ(responder.begin_stream(responder.self, 200, nullptr, 0), EVH_INVALID);
  });
  EXPECT_EQ(router.ask("GET", "/x").body, "first");
  EXPECT_THAT(router.violations(), ElementsAre("GET /x was answered twice", "GET /x was answered twice"));
}

// What each handler does wrong, and what is said of it.
TEST_F(FakeHttpRouterTest, ReportsEachMisuseOfAResponder) {
  const auto misuse = [&](const Handler& handler) {
    const std::size_t before = router.violations().size();
    mount("GET", "/x", handler);
    (void)router.ask("GET", "/x");
    unmount("GET", "/x");
    const std::vector<std::string> all = router.violations();
    return all.size() == before ? std::string("nothing was reported") : all[before];
  };
  const auto answers_with = [](const char* name, const char* value) {
    return [=](const evh_request&, const evh_responder& responder) {
      const evh_header header = {str(name), str(value)};
      responder.respond(responder.self, 200, &header, 1, str(""));
    };
  };
  EXPECT_THAT(misuse(answers_with("content-length", "1")), HasSubstr("the server's to write"));
  EXPECT_THAT(misuse(answers_with("X-Request-Id", "1")), HasSubstr("the server's to write"));
  EXPECT_THAT(misuse(answers_with("X", "a\r\nSet-Cookie: b")), HasSubstr("line break"));
  EXPECT_THAT(misuse(answers_with("", "a")), HasSubstr("empty"));
  EXPECT_THAT(misuse([](const evh_request&, const evh_responder& responder) { respond(responder, 99, ""); }),
              HasSubstr("status 99"));
  EXPECT_THAT(
      misuse([](const evh_request&, const evh_responder& responder) { EXPECT_EQ(write(responder, "x"), EVH_INVALID); }),
      HasSubstr("before begin_stream"));
  EXPECT_THAT(
      misuse([](const evh_request&, const evh_responder& responder) { responder.end_stream(responder.self, 1); }),
      HasSubstr("ended without one"));
  EXPECT_THAT(misuse([](const evh_request&, const evh_responder& responder) {
                responder.begin_stream(responder.self, 200, nullptr, 0);
              }),
              HasSubstr("stream open"));
  EXPECT_THAT(misuse([](const evh_request&, const evh_responder& responder) { responder.release(responder.self); }),
              HasSubstr("once too often"));
  EXPECT_THAT(misuse([](const evh_request&, const evh_responder& responder) {
                respond(responder, 200, "");
                throw std::runtime_error("out of the handler");
              }),
              HasSubstr("exception"));
  EXPECT_THAT(misuse([&](const evh_request&, const evh_responder& responder) {
                respond(responder, 200, "");
                unmount("GET", "/x");
              }),
              HasSubstr("inside a handler"));
}

}  // namespace
}  // namespace evh::testkit
