// Addresses, and a process that has no file descriptors left.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <array>
#include <ctime>

#include "plugin_test.h"

namespace evh::http_api_test {
namespace {

class Listening : public PluginTest {
 protected:
  // GET /healthz over IPv6, until the server closes; empty when there is no connection.
  std::string ask_ipv6() const {
    const system_test::FileDescriptor client(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(port_);
    address.sin6_addr = in6addr_loopback;
    if (::connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return {};
    const std::string request = get_request("/healthz", "Connection: close\r\n");
    ::send(client.get(), request.data(), request.size(), MSG_NOSIGNAL);
    std::string answer;
    std::array<char, 4096> bytes;
    pollfd readable{client.get(), POLLIN, 0};
    while (::poll(&readable, 1, static_cast<int>(kPatience.count())) > 0) {
      const ssize_t count = ::recv(client.get(), bytes.data(), bytes.size(), 0);
      if (count <= 0) break;
      answer.append(bytes.data(), static_cast<std::size_t>(count));
    }
    return answer;
  }
};

bool has_ipv6() {
  const system_test::FileDescriptor probe(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_addr = in6addr_loopback;
  return ::bind(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

TEST_F(Listening, OnIpv6LoopbackWorks) {
  if (!has_ipv6()) GTEST_SKIP() << "this machine has no IPv6";
  start({{"host", "::1"}});
  EXPECT_TRUE(ask_ipv6().starts_with("HTTP/1.1 200 OK\r\n"));
  ASSERT_TRUE(eventually([this] { return requests().size() == 1; }));
  EXPECT_EQ(requests()[0].fields.at("client_ip"), "::1");
}

TEST_F(Listening, OnAllOfIpv6TakesIpv4AsWell) {
  if (!has_ipv6()) GTEST_SKIP() << "this machine has no IPv6";
  start({{"host", "::"}});
  EXPECT_TRUE(ask_ipv6().starts_with("HTTP/1.1 200 OK\r\n"));
  EXPECT_EQ(ask(get_request("/healthz")).status, 200);
  ASSERT_TRUE(eventually([this] { return requests().size() == 2; }));
  EXPECT_EQ(requests()[1].fields.at("client_ip"), "127.0.0.1") << "not ::ffff:127.0.0.1";
}

TEST_F(Listening, RefusesConnectionsPastTheMost) {
  start({{"max_connections", "2"}});
  HttpConnection first = connect(), second = connect();
  EXPECT_EQ(first.ask(get_request("/healthz")).status, 200);
  EXPECT_EQ(second.ask(get_request("/healthz")).status, 200);
  EXPECT_EQ(connect().read_response().status, 503);
  EXPECT_TRUE(host_.wait_for_log("max_connections are open; a new one was refused"));
  first.close();
  EXPECT_TRUE(eventually([this] {
    try {
      return ask(get_request("/healthz")).status == 200;
    } catch (const ConnectionError&) {
      return false;
    }
  }));
}

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// The clients are in the same process: they are connected before the limit falls, and wait in the backlog.
TEST_F(Listening, WithoutFileDescriptorsTurnsClientsAwayAndRecovers) {
  start();
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  HttpConnection open = connect();
  EXPECT_EQ(open.ask(get_request("/healthz")).status, 200);
  const int next = ::dup(0);
  ASSERT_GE(next, 0);
  ::close(next);

  rlimit none_left = before;
  none_left.rlim_cur = static_cast<rlim_t>(next) + 1;  // one more: the client's own
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none_left), 0);
  bool turned_away = false;
  {
    HttpConnection client = connect();
    turned_away = client.is_closed_within(kPatience);
    EXPECT_EQ(open.ask(get_request("/healthz")).status, 200) << "those that are open are served";
  }
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_TRUE(turned_away);
  EXPECT_TRUE(host_.wait_for_log("no file descriptor is left for a new connection; raise the limit (ulimit -n)"));
  EXPECT_EQ(ask(get_request("/healthz")).status, 200);
}

// Not even the reserve is there: the client has to wait, and the server must not spin meanwhile.
TEST_F(Listening, WithoutAnyFileDescriptorWaitsWithoutSpinning) {
  start();
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  HttpConnection open = connect();
  EXPECT_EQ(open.ask(get_request("/healthz")).status, 200);
  rlimit none = before;
  none.rlim_cur = 3;  // below what is open: the reserve cannot be used either
  HttpConnection client = connect();
  EXPECT_EQ(client.ask(get_request("/healthz")).status, 200);

  // A socket that is connected while nothing can be accepted.
  const system_test::FileDescriptor late(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port_);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const int connected = ::connect(late.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  const bool told =
      host_.wait_for_log("new connections cannot be accepted now: no file descriptor or no memory is left").has_value();
  const double cpu_before = cpu_seconds();
  EXPECT_FALSE(client.is_readable_within(Milliseconds(1000)));
  const double used = cpu_seconds() - cpu_before;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(connected, 0);
  EXPECT_TRUE(told);
  EXPECT_LT(used, 0.5) << "seconds of CPU time in one";
  const std::string request = get_request("/healthz");
  ASSERT_EQ(::send(late.get(), request.data(), request.size(), MSG_NOSIGNAL), static_cast<ssize_t>(request.size()));
  pollfd readable{late.get(), POLLIN, 0};
  EXPECT_EQ(::poll(&readable, 1, static_cast<int>(kPatience.count())), 1) << "accepted as soon as it is possible";
}

}  // namespace
}  // namespace evh::http_api_test
