// The lifecycle that every plugin keeps, and starts that must fail with a line that tells what to do.
#include <netinet/in.h>
#include <sys/socket.h>

#include "evh/testkit/lifecycle_suite.h"
#include "plugin_test.h"

namespace evh::http_api_test {
namespace {

std::shared_ptr<void> fakes(testkit::TestHost& host) {
  return std::make_shared<Fakes>(host);
}

// A port that somebody else listens on, for as long as the tests run.
std::uint16_t taken_port() {
  static const std::uint16_t port = [] {
    static const system_test::FileDescriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const raw = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener.get(), raw, size) != 0 || ::listen(listener.get(), 1) != 0 ||
        ::getsockname(listener.get(), raw, &size) != 0) {
      throw std::runtime_error("no port can be taken");
    }
    return ntohs(address.sin_port);
  }();
  return port;
}

EVH_LIFECYCLE_SUITE(HttpApiLifecycle, EVH_HTTP_API_SO, on_a_free_port(), fakes)
EVH_LIFECYCLE_SUITE(HttpApiLifecycleOnSeveralThreads, EVH_HTTP_API_SO, on_a_free_port({{"threads", "3"}}), fakes)
EVH_FAILED_START_SUITE(HttpApiOnATakenPort, EVH_HTTP_API_SO, on_a_free_port({{"port", std::to_string(taken_port())}}),
                       fakes)
EVH_FAILED_START_SUITE(HttpApiOnAForeignAddress, EVH_HTTP_API_SO, on_a_free_port({{"host", "203.0.113.1"}}), fakes)
EVH_FAILED_START_SUITE(HttpApiForAnyOriginWithCredentials, EVH_HTTP_API_SO,
                       on_a_free_port({{"cors_allow_origins", std::vector<std::string>{"*"}},
                                       {"cors_allow_credentials", "true"}}),
                       fakes)

class FailedStart : public PluginTest {
 protected:
  // What create or start says.
  std::string failure_of(const Settings& settings) {
    plugin_.emplace(host_.load(EVH_HTTP_API_SO, on_a_free_port(settings)));
    testkit::Outcome outcome = plugin_->create();
    if (outcome.ok()) outcome = plugin_->start();
    EXPECT_FALSE(outcome.ok());
    return outcome.message;
  }
};

TEST_F(FailedStart, NamesThePortThatIsTaken) {
  const std::string port = std::to_string(taken_port());
  EXPECT_THAT(failure_of({{"port", port}}),
              testing::AllOf(testing::HasSubstr("127.0.0.1 port " + port), testing::HasSubstr("PORT")));
}

TEST_F(FailedStart, NamesTheAddressThatIsNotOfThisMachine) {
  EXPECT_THAT(failure_of({{"host", "203.0.113.1"}}),
              testing::AllOf(testing::HasSubstr("203.0.113.1"), testing::HasSubstr("HOST")));
}

TEST_F(FailedStart, SaysWhyAnyOriginWithCredentialsIsRefused) {
  EXPECT_THAT(failure_of({{"cors_allow_origins", std::vector<std::string>{"*"}}, {"cors_allow_credentials", "true"}}),
              testing::HasSubstr("cors_allow_credentials"));
}

TEST_F(FailedStart, SaysThatOneRequestMustFitIntoTheMemory) {
  EXPECT_THAT(failure_of({{"buffer_memory", "1MiB"}, {"body_limit", "1MiB"}}), testing::HasSubstr("buffer_memory"));
}

TEST_F(FailedStart, NamesTheBasePathThatIsNone) {
  EXPECT_THAT(failure_of({{"base_path", "/a?b"}}), testing::HasSubstr("/a?b"));
}

}  // namespace
}  // namespace evh::http_api_test
