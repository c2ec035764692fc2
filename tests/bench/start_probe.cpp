// How long a server takes from its start to its first 201: starts it, tries to connect every 0.2 ms, posts one event,
// prints the microseconds from before the fork to the answer, and ends the server with SIGTERM.
//
//   start_probe PORT TARGET PROGRAM ARGUMENT...
//
// The server must listen on 127.0.0.1:PORT. Its standard output is thrown away. Exit code 1, with the reason, when it
// does not answer 201 within ten seconds or does not end cleanly.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kBetweenTries = 200us;
constexpr auto kLongestStart = 10s;

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what);
}

// The process that is measured; ended, one way or the other, when this goes.
class Server {
 public:
  explicit Server(char* const* command) : pid_(fork()) {
    if (pid_ < 0) fail(std::string("fork: ") + std::strerror(errno));
    if (pid_ > 0) return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDOUT_FILENO);
    execv(command[0], command);
    std::fprintf(stderr, "cannot run %s: %s\n", command[0], std::strerror(errno));
    _exit(127);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }

  [[nodiscard]] bool ended() {
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) != pid_) return false;
    pid_ = 0;
    return true;
  }

  void stop() {
    kill(pid_, SIGTERM);
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = 0;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) fail("the server did not end cleanly after SIGTERM");
  }

 private:
  pid_t pid_;
};

class Socket {
 public:
  Socket() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (fd_ < 0) fail(std::string("socket: ") + std::strerror(errno));
    const timeval longest{.tv_sec = std::chrono::seconds(kLongestStart).count(), .tv_usec = 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() { close(fd_); }

  [[nodiscard]] bool connect_to(std::uint16_t port) const {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }

  void write(std::string_view bytes) const {
    if (send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size()))
      fail("the server did not take the request");
  }

  // The first line of what comes, or as much of it as came before the end.
  [[nodiscard]] std::string first_line() const {
    std::string line;
    char buffer[512];
    while (line.find('\n') == std::string::npos) {
      const ssize_t count = recv(fd_, buffer, sizeof buffer, 0);
      if (count <= 0) break;
      line.append(buffer, static_cast<std::size_t>(count));
    }
    return line.substr(0, line.find('\r'));
  }

 private:
  int fd_;
};

// The answer's first line, or nothing while nobody listens.
std::optional<std::string> post(std::uint16_t port, std::string_view target) {
  const Socket socket;
  if (!socket.connect_to(port)) return std::nullopt;
  constexpr std::string_view kBody = R"({"user_id": 123, "action": "login", "metadata": {"page": "/home"}})";
  socket.write("POST " + std::string(target) + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n" +
               "Content-Length: " + std::to_string(kBody.size()) + "\r\n\r\n" + std::string(kBody));
  return socket.first_line();
}

std::chrono::microseconds time_to_first_201(std::uint16_t port, std::string_view target, char* const* command) {
  if (post(port, target)) fail("port " + std::to_string(port) + " is taken by another server");
  const auto begin = Clock::now();
  Server server(command);
  while (true) {
    const std::optional<std::string> answer = post(port, target);
    const auto passed = Clock::now() - begin;
    if (answer) {
      if (!answer->starts_with("HTTP/1.1 201")) fail("the first answer is no 201: '" + *answer + "'");
      server.stop();
      return std::chrono::duration_cast<std::chrono::microseconds>(passed);
    }
    if (server.ended()) fail("the server ended before it listened");
    if (passed > kLongestStart) fail("nobody listens after ten seconds");
    std::this_thread::sleep_for(kBetweenTries);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: %s PORT TARGET PROGRAM ARGUMENT...\n", argv[0]);
    return 2;
  }
  std::uint16_t port = 0;
  const std::string_view digits = argv[1];
  if (std::from_chars(digits.data(), digits.data() + digits.size(), port).ec != std::errc{} || port == 0) {
    std::fprintf(stderr, "not a port: %s\n", argv[1]);
    return 2;
  }
  try {
    std::printf("%lld\n", static_cast<long long>(time_to_first_201(port, argv[2], argv + 3).count()));
    return 0;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "start_probe: %s\n", failure.what());
    return 1;
  }
}
