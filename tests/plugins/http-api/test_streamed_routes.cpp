// Answers that handlers write piece by piece, at the pace of the client.
#include <future>
#include <semaphore>
#include <thread>

#include "evh/testkit/bystander_thread.h"
#include "mounted_routes.h"

namespace evh::http_api_test {
namespace {

// What a handler is told when there is room again, or nobody to write to.
struct Readiness {
  std::counting_semaphore<> told{0};
  std::atomic<int> calls = 0;
  std::atomic<int> gone = -1;

  static void ready(void* self, std::int32_t gone) {
    Readiness& readiness = *static_cast<Readiness*>(self);
    readiness.gone = gone;
    ++readiness.calls;
    readiness.told.release();
  }
  bool wait() { return told.try_acquire_for(kPatience); }
};

class StreamedRoutes : public RouteTest {
 protected:
  // A stream under the test's control, begun by a client of its own.
  Retained open_stream(HttpConnection& client, std::string_view request) {
    std::promise<Retained> handed_over;
    mount("GET", "/stream", EVH_ROUTE_QUICK, [&](const evh_request&, const evh_responder& responder) {
      EXPECT_EQ(responder.begin_stream(responder.self, 200, nullptr, 0), EVH_OK);
      handed_over.set_value(Retained(responder));
    });
    client.send(request);
    Retained stream = handed_over.get_future().get();
    unmount_all();
    return stream;
  }

  static evh_code write(const Retained& stream, std::string_view chunk, Readiness* readiness = nullptr) {
    return (*stream).try_write((*stream).self, str(chunk), &Readiness::ready, readiness);
  }
  static void end(const Retained& stream, bool complete = true) {
    (*stream).end_stream((*stream).self, complete ? 1 : 0);
  }

  // Writes until the stream has no room and gets none; how many bytes it took. `readiness` waits then.
  static std::size_t fill(const Retained& stream, Readiness& readiness) {
    const std::string chunk(16 * 1024, 'x');
    std::size_t written = 0;
    do {
      readiness.calls = 0;
      evh_code code = EVH_OK;
      while ((code = write(stream, chunk, &readiness)) == EVH_OK) written += chunk.size();
      EXPECT_EQ(code, EVH_OVERLOADED);
    } while (readiness.told.try_acquire_for(std::chrono::milliseconds(200)));
    return written;
  }

  HttpConnection slow_client() const { return HttpConnection(port_, {.receive_buffer_bytes = 4096}); }
};

TEST_F(StreamedRoutes, ArriveAsTheyAreWritten) {
  start();
  HttpConnection client = connect();
  const Retained stream = open_stream(client, get_request("/stream"));
  EXPECT_EQ(client.read_head().header("Transfer-Encoding"), "chunked");
  for (const std::string part : {"one", "two", "three"}) {
    ASSERT_EQ(write(stream, part), EVH_OK);
    EXPECT_EQ(client.read_body_part(), part);
  }
  EXPECT_EQ(write(stream, ""), EVH_OK) << "nothing, and not the end";
  end(stream);
  EXPECT_EQ(client.read_body_part(), std::nullopt);
  EXPECT_EQ(client.ask(get_request("/healthz")).status, 200) << "the connection can be used again";
}

TEST_F(StreamedRoutes, EndWithTheConnectionForClientsOfHttp10) {
  start();
  HttpConnection client = connect();
  const Retained stream = open_stream(client, "GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  write(stream, "one");
  write(stream, "two");
  end(stream);
  const HttpResponse response = client.read_response();
  EXPECT_FALSE(response.has_header("Transfer-Encoding"));
  EXPECT_EQ(response.header("Connection"), "close");
  EXPECT_EQ(response.body, "onetwo");
}

TEST_F(StreamedRoutes, SendNoBodyToHead) {
  start();
  HttpConnection client = connect();
  const Retained stream = open_stream(client, request_bytes("HEAD", "/stream"));
  EXPECT_EQ(write(stream, "one"), EVH_CANCELLED) << "nobody wants it: the handler can stop";
  end(stream, false);
  EXPECT_EQ(client.read_response(Question::kHead).status, 200);
  EXPECT_EQ(client.ask(get_request("/healthz")).status, 200);
}

TEST_F(StreamedRoutes, TakeNoMoreThanFitsUntilTheClientReads) {
  start();
  HttpConnection client = slow_client();
  const Retained stream = open_stream(client, get_request("/stream"));
  Readiness readiness;
  const std::size_t written = fill(stream, readiness);
  EXPECT_LT(written, 4U << 20) << "memory is bounded";
  auto body = std::async(std::launch::async, [&client] {
    const testkit::BystanderThread bystander;
    return client.read_response().body;
  });
  ASSERT_TRUE(readiness.wait());
  EXPECT_EQ(readiness.gone, 0);
  EXPECT_EQ(write(stream, "y"), EVH_OK);
  end(stream);
  EXPECT_EQ(body.get().size(), written + 1);
  EXPECT_EQ(readiness.calls, 1);
}

TEST_F(StreamedRoutes, TellAWaitingHandlerThatItsClientIsGone) {
  start();
  HttpConnection client = slow_client();
  const Retained stream = open_stream(client, get_request("/stream"));
  Readiness readiness;
  fill(stream, readiness);
  client.reset();
  ASSERT_TRUE(readiness.wait());
  EXPECT_EQ(readiness.gone, 1);
  EXPECT_EQ(write(stream, "y", &readiness), EVH_CANCELLED);
  end(stream);
  EXPECT_EQ(readiness.calls, 1);
}

TEST_F(StreamedRoutes, AreCutOffWhenTheClientTakesNothing) {
  start({{"write_timeout", "2s"}});
  HttpConnection client = slow_client();
  const Retained stream = open_stream(client, get_request("/stream"));
  Readiness readiness;
  fill(stream, readiness);
  ASSERT_TRUE(readiness.wait());
  EXPECT_EQ(readiness.gone, 1);
}

TEST_F(StreamedRoutes, BreakOffVisiblyWhenTheirHandlerFails) {
  start();
  HttpConnection client = connect();
  {
    const Retained stream = open_stream(client, get_request("/stream"));
    write(stream, "one");
    end(stream, false);
    EXPECT_EQ(write(stream, "two"), EVH_CANCELLED);
  }
  client.read_head();
  EXPECT_EQ(client.read_body_part(), "one");
  try {
    while (client.read_body_part()) continue;
    FAIL() << "looks whole";
  } catch (const ConnectionError& error) {
    EXPECT_EQ(error.kind(), ConnectionError::Kind::kClosed) << error.what();
  }
}

TEST_F(StreamedRoutes, BreakOffWhenTheirHandlerForgetsToEndThem) {
  start();
  HttpConnection client = connect();
  {
    const Retained stream = open_stream(client, get_request("/stream"));
    write(stream, "one");
  }
  EXPECT_THROW(client.read_response(), ConnectionError);
}

TEST_F(StreamedRoutes, CanBeBegunOnlyOnceAndNotAfterAnAnswer) {
  start();
  mount("GET", "/twice", EVH_ROUTE_QUICK, [](const evh_request&, const evh_responder& responder) {
    EXPECT_EQ(responder.try_write(responder.self, str("early"), nullptr, nullptr), EVH_INVALID);
    responder.end_stream(responder.self, 1);
    respond(responder, 200, "whole");
    EXPECT_EQ(responder.begin_stream(responder.self, 200, nullptr, 0), EVH_INVALID);
    EXPECT_EQ(responder.try_write(responder.self, str("late"), nullptr, nullptr), EVH_INVALID);
    responder.end_stream(responder.self, 1);
  });
  HttpConnection client = connect();
  EXPECT_EQ(client.ask(get_request("/twice")).body, "whole");
  EXPECT_EQ(client.ask(get_request("/healthz")).status, 200);
}

TEST_F(StreamedRoutes, AreCappedInAllAndFreedWithTheirClients) {
  start({{"max_streams", "2"}});
  HttpConnection first = connect(), second = connect();
  const Retained stream = open_stream(first, get_request("/stream"));
  {
    const Retained another = open_stream(second, get_request("/stream"));
    mount("GET", "/third", EVH_ROUTE_QUICK, [](const evh_request&, const evh_responder& responder) {
      const evh_code code = responder.begin_stream(responder.self, 200, nullptr, 0);
      if (code == EVH_OVERLOADED) return respond(responder, 503, "too many");
      responder.end_stream(responder.self, 1);
    });
    EXPECT_EQ(ask(get_request("/third")).status, 503);
    end(another);
  }
  EXPECT_TRUE(eventually([this] { return ask(get_request("/third")).status == 200; }));
  end(stream);
}

TEST_F(StreamedRoutes, OfManyClientsThatComeAndGoAreNeverMixedUp) {
  start({{"threads", "2"}});
  mount("GET", "/echo", EVH_ROUTE_BLOCKING, [](const evh_request& request, const evh_responder& responder) {
    const std::string word(view(request.query));
    if (responder.begin_stream(responder.self, 200, nullptr, 0) != EVH_OK) return;
    for (int i = 0; i < 20; ++i)
      responder.try_write(
          responder.self, str(word), [](void*, std::int32_t) {}, nullptr);
    responder.end_stream(responder.self, 1);
  });
  const auto client_of = [this](int number) {
    const testkit::BystanderThread bystander;
    for (int i = 0; i < 150 / kSlowness; ++i) {
      const std::string word = "<" + std::to_string(number) + "-" + std::to_string(i) + ">";
      HttpConnection client = connect();
      client.send(get_request("/echo?" + std::to_string(number) + "-" + std::to_string(i)));
      if (i % 3 == 0) {
        client.reset();
        continue;
      }
      const std::string body = client.read_response().body;
      const std::string once = word.substr(1, word.size() - 2);
      std::string expected;
      for (int n = 0; n < 20; ++n) expected += once;
      ASSERT_EQ(body, expected);
    }
  };
  std::vector<std::jthread> clients;
  for (int number = 0; number < 6; ++number) clients.emplace_back(client_of, number);
}

}  // namespace
}  // namespace evh::http_api_test
