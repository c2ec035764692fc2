#pragma once

#include <pistache/os.h>
#include <pistache/reactor.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "byte_budget.h"
#include "connection.h"
#include "date_cache.h"
#include "dispatcher.h"
#include "evh/host.hpp"
#include "exchange.h"
#include "server_options.h"
#include "stream_limits.h"
#include "unique_fd.h"

namespace evh::http_api {

/// The connections that hold up a drain, of all loops. Any thread.
class BusyCount {
 public:
  void add() {
    const std::lock_guard lock(mutex_);
    ++count_;
  }
  void remove() {
    const std::lock_guard lock(mutex_);
    if (--count_ == 0) none_.notify_all();
  }
  /// How many are left when there are none, or at the deadline.
  std::size_t wait_for_none(std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    none_.wait_until(lock, deadline, [this] { return count_ == 0; });
    return count_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable none_;
  std::size_t count_ = 0;
};

/// What all loops of a server share. Outlives them.
struct ServerContext {
  const Host& host;
  const ServerOptions& options;
  const Dispatcher& dispatcher;
  StreamLimits& stream_limits;
  ByteBudget memory;
  BusyCount busy;
  std::atomic<std::size_t> open_connections{0};
};

/// One thread's connections, on a reactor of Pistache. Other threads reach it through its inbox only.
class EventLoop {
 public:
  explicit EventLoop(ServerContext& context);
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  /// Starts the thread. [one thread]
  void start(const std::string& thread_name);
  /// Stops it and cuts what is still open. Safe twice. Late answers are dropped from then on.
  void stop();

  // ---- any thread ----

  /// Takes over an accepted socket, which is non-blocking and counted in open_connections.
  void adopt(UniqueFd fd, std::string client_ip);
  /// Runs `task` on the loop's thread. False: it has stopped.
  bool run(std::function<void()> task);
  /// The exchange, which was referenced for this, has news for its connection.
  void post(Exchange& exchange);
  /// The last reference is gone: keeps it for the next request, or frees it.
  void recycle(Exchange& exchange) noexcept;
  /// Every connection closes after its request in flight.
  void begin_drain();

  // ---- its own thread ----

  /// Calls `ready` whenever the listening socket has a connection to accept, until unwatch_listener.
  void watch_listener(int listening_fd, std::function<void()> ready);
  void unwatch_listener();
  /// Calls it no more until the next tick.
  void pause_listener();

  void watch_connection(const Connection& connection, Connection::Interest interest);
  /// Tells nothing more of it; but for ticks.
  void unwatch_connection(const Connection& connection);
  Exchange& take_exchange(Connection& owner);
  void dispatch(Exchange& exchange, std::string_view client_ip);
  void note_refused(Exchange& exchange, std::string_view client_ip);
  void note_not_busy();
  void note_closed(Connection& connection);

  const Host& host() const noexcept { return context_.host; }
  const ServerOptions& options() const noexcept { return context_.options; }
  const Dispatcher& dispatcher() const noexcept { return context_.dispatcher; }
  bool is_draining() const noexcept { return draining_; }
  std::string_view date() { return date_.at(std::time(nullptr)); }

 private:
  class Adapter;

  struct Accepted {
    UniqueFd fd;
    std::string client_ip;
  };
  struct Inbox {
    std::vector<Exchange*> exchanges;
    std::vector<Accepted> accepted;
    std::vector<std::function<void()>> tasks;
    bool empty() const noexcept { return exchanges.empty() && accepted.empty() && tasks.empty(); }
    void clear() {
      exchanges.clear();
      accepted.clear();
      tasks.clear();
    }
  };

  void attach(Pistache::Polling::Epoll& poller);
  void on_ready(const Pistache::Aio::FdSet& events);
  void handle(std::uint64_t tag, const Connection::Events& events);
  void work_through_inbox();
  void take_answer(Exchange& exchange);
  void open_connection(Accepted accepted);
  void tick();
  void set_ticking();
  void wake(std::unique_lock<std::mutex> lock);
  std::string_view next_request_id();

  ServerContext& context_;
  Pistache::Polling::Epoll* poller_ = nullptr;
  std::shared_ptr<Pistache::Aio::Reactor> reactor_;

  UniqueFd wake_fd_, timer_fd_;
  std::mutex mutex_;
  Inbox inbox_;           // guarded by mutex_
  bool awake_ = false;    // guarded by mutex_: it was told and has not looked yet
  bool stopped_ = false;  // guarded by mutex_
  std::mutex pool_mutex_;
  std::vector<std::unique_ptr<Exchange>> pool_;  // guarded by pool_mutex_

  // The rest is its thread's.
  Inbox work_;
  std::vector<Exchange*> own_answers_;  // posted by this thread itself
  std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> connections_;
  std::vector<std::uint64_t> closed_;
  std::uint64_t next_id_ = 0;
  int listening_fd_ = -1;
  std::function<void()> on_acceptable_;
  bool listener_paused_ = false;
  bool draining_ = false;
  std::chrono::milliseconds tick_{0};  // between ticks; 0: there are none
  DateCache date_;
  std::uint64_t request_count_ = 0;
  const std::uint64_t id_seed_;
  char request_id_[16];
};

}  // namespace evh::http_api
