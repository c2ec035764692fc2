#include "listener.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string_view>

#include "evh/error.hpp"

namespace evh::http_api {
namespace {

// Of an answer, so much lies in the kernel beyond what is on its way: enough to keep the line busy, little enough for
// thousands of clients that do not read.
constexpr int kMostUnsent = 256 * 1024;

std::string text_of(const sockaddr_storage& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    ::inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
    constexpr std::string_view kMapped = "::ffff:";
    if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) return text + kMapped.size();
  } else {
    ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(address).sin_addr, text, sizeof text);
  }
  return text;
}

std::uint16_t port_of(const sockaddr_storage& address) {
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                                             : reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

void set(int fd, int level, int option, int value) {
  ::setsockopt(fd, level, option, &value, sizeof value);
}

UniqueFd open_reserve() {
  return UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

// errno tells why it is none.
UniqueFd bound_socket(const addrinfo& candidate) {
  UniqueFd fd(::socket(candidate.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return fd;
  set(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  if (candidate.ai_family == AF_INET6) set(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, 0);
  set(fd.get(), IPPROTO_TCP, TCP_NODELAY, 1);  // accepted sockets inherit these
  set(fd.get(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, kMostUnsent);
  set(fd.get(), SOL_SOCKET, SO_KEEPALIVE, 1);
  if (::bind(fd.get(), candidate.ai_addr, candidate.ai_addrlen) != 0 || ::listen(fd.get(), Listener::kBacklog) != 0)
    return {};
  return fd;
}

}  // namespace

Listener::Listener(const std::string& host, std::uint16_t port) : reserve_(open_reserve()) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int problem = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (problem != 0) {
    throw Error(EVH_INVALID, "host '" + host + "' is no address of this machine: " + ::gai_strerror(problem) +
                                 ". Set HOST to an address such as 0.0.0.0, 127.0.0.1 or ::");
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> candidates(found, &::freeaddrinfo);
  for (const addrinfo* candidate = found; candidate != nullptr && !socket_; candidate = candidate->ai_next) {
    socket_ = bound_socket(*candidate);
  }
  if (!socket_) {
    const std::string advice = errno == EADDRINUSE
                                   ? ". Another process listens there: stop it, or set PORT to a free port"
                               : errno == EACCES ? ". Ports below 1024 are for root: set PORT to another"
                                                 : ". Set HOST to an address of this machine";
    throw Error(EVH_UNAVAILABLE,
                "cannot listen on " + host + " port " + std::to_string(port) + ": " + std::strerror(errno) + advice);
  }
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  ::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&bound), &size);
  port_ = port_of(bound);
  address_ = text_of(bound);
}

Listener::Outcome Listener::accept(Accepted& accepted) {
  sockaddr_storage peer{};
  while (true) {
    socklen_t size = sizeof peer;
    accepted.fd.reset(
        ::accept4(socket_.get(), reinterpret_cast<sockaddr*>(&peer), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (accepted.fd) {
      accepted.client_ip = text_of(peer);
      return Outcome::kAccepted;
    }
    if (errno == EMFILE || errno == ENFILE) return turn_away();
    if (errno == ENOBUFS || errno == ENOMEM) return Outcome::kStuck;
    // One that left before it was accepted is no reason to stop.
    if (errno != EINTR && errno != ECONNABORTED && errno != EPROTO) return Outcome::kNone;
  }
}

Listener::Outcome Listener::turn_away() {
  reserve_.reset();
  UniqueFd client(::accept(socket_.get(), nullptr, nullptr));
  const bool nobody_waits = !client && errno == EAGAIN;
  const bool turned_away = static_cast<bool>(client);
  client.reset();
  reserve_ = open_reserve();
  if (nobody_waits) return Outcome::kNone;
  return turned_away ? Outcome::kNoDescriptors : Outcome::kStuck;
}

}  // namespace evh::http_api
