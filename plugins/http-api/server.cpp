#include "server.h"

#include <sys/socket.h>

#include <future>
#include <string>
#include <string_view>
#include <utility>

namespace evh::http_api {
namespace {

// So many are accepted before the loop looks after its connections again.
constexpr int kAcceptBurst = 64;
constexpr int kMostBacklogBursts = Listener::kBacklog / kAcceptBurst;
constexpr std::chrono::seconds kOverloadLogPeriod{1};

constexpr std::string_view kTooManyConnections =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nRetry-After: 1\r\nConnection: close\r\n"
    "Content-Length: 65\r\n\r\n"
    R"({"error":"server busy","details":"too many connections are open"})";
static_assert(kTooManyConnections.size() - kTooManyConnections.find('{') == 65);

}  // namespace

Server::Server(const Host& host, const ServerOptions& options, const Dispatcher& dispatcher,
               StreamLimits& stream_limits)
    : host_(host),
      options_(options),
      context_{.host = host_,
               .options = options_,
               .dispatcher = dispatcher,
               .stream_limits = stream_limits,
               .memory = ByteBudget(options_.buffer_memory),
               .busy = {}} {}

Server::~Server() {
  stop();
}

void Server::start() {
  listener_.emplace(options_.host, options_.port);
  for (std::size_t i = 0; i < options_.threads; ++i) {
    loops_.push_back(std::make_unique<EventLoop>(context_));
    loops_.back()->start("http-" + std::to_string(i));
  }
  EventLoop& first = *loops_.front();
  first.run([this, &first] { first.watch_listener(listener_->fd(), [this] { accept_connections(); }); });
  host_.info("listening",
             {{"address", listener_->address()}, {"port", listener_->port()}, {"threads", options_.threads}});
}

// False: nobody else waits.
bool Server::accept_connections() {
  Listener::Accepted accepted;
  for (int i = 0; i < kAcceptBurst; ++i) {
    switch (listener_->accept(accepted)) {
      case Listener::Outcome::kNone:
        return false;
      case Listener::Outcome::kNoDescriptors:
        note_overload("no file descriptor is left for a new connection; raise the limit (ulimit -n)");
        return true;
      case Listener::Outcome::kStuck:
        note_overload("new connections cannot be accepted now: no file descriptor or no memory is left");
        loops_.front()->pause_listener();
        return false;
      case Listener::Outcome::kAccepted:
        break;
    }
    if (context_.open_connections.load() >= options_.max_connections) {
      ::send(accepted.fd.get(), kTooManyConnections.data(), kTooManyConnections.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      note_overload("max_connections are open; a new one was refused");
      continue;
    }
    context_.open_connections.fetch_add(1);
    loops_[next_loop_]->adopt(std::move(accepted.fd), std::move(accepted.client_ip));
    next_loop_ = (next_loop_ + 1) % loops_.size();
  }
  return true;
}

void Server::note_overload(const char* what) {
  const auto now = std::chrono::steady_clock::now();
  if (now - last_overload_ < kOverloadLogPeriod) return;
  last_overload_ = now;
  host_.warn(what, {{"open_connections", context_.open_connections.load()}});
}

std::size_t Server::drain(std::chrono::steady_clock::time_point deadline) {
  if (loops_.empty()) return 0;
  std::promise<void> closed;
  const bool running = loops_.front()->run([this, &closed] {
    // Those that the kernel took for us already. More may come all the time, but no more than it holds.
    for (int bursts = 0; bursts < kMostBacklogBursts && accept_connections(); ++bursts) continue;
    loops_.front()->unwatch_listener();
    listener_->close();
    closed.set_value();
  });
  if (!running) return 0;
  closed.get_future().wait();
  for (const auto& loop : loops_) loop->begin_drain();
  return context_.busy.wait_for_none(deadline);
}

void Server::stop() {
  for (const auto& loop : loops_) loop->stop();
}

}  // namespace evh::http_api
