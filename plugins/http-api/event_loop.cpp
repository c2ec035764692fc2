#include "event_loop.h"

#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <exception>
#include <random>
#include <utility>

#include "evh/error.hpp"
#include "reactor_descriptors.h"

namespace evh::http_api {
namespace {

using Pistache::Polling::Epoll;
using Pistache::Polling::NotifyOn;
using Pistache::Polling::Tag;

// Tags of the loop's own descriptors; connections count up from kFirstConnection. Pistache tags its own with their
// number.
constexpr std::uint64_t kFirstConnection = std::uint64_t{1} << 32;
constexpr std::uint64_t kWake = std::uint64_t{1} << 62;
constexpr std::uint64_t kTimer = kWake + 1;
constexpr std::uint64_t kListener = kWake + 2;

const Pistache::Flags<NotifyOn> kReadable(NotifyOn::Read);

constexpr std::chrono::milliseconds kTick{200};
constexpr std::chrono::milliseconds kDrainTick{20};  // a drain waits for what only ticks find out
constexpr std::size_t kMaxPooled = 512;
constexpr int kMaxRounds = 16;

thread_local EventLoop* current_loop = nullptr;

std::uint64_t random_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

}  // namespace

// Pistache clones its handlers, one for each thread of a reactor; each of our reactors has one.
class EventLoop::Adapter final : public Pistache::Aio::Handler {
 public:
  explicit Adapter(EventLoop& loop) : loop_(loop) {}
  std::shared_ptr<Pistache::Aio::Handler> clone() const override { return std::make_shared<Adapter>(loop_); }
  void registerPoller(Epoll& poller) override { loop_.attach(poller); }
  void onReady(const Pistache::Aio::FdSet& events) override { loop_.on_ready(events); }

 private:
  EventLoop& loop_;
};

EventLoop::EventLoop(ServerContext& context) : context_(context), next_id_(kFirstConnection), id_seed_(random_seed()) {}

EventLoop::~EventLoop() {
  stop();
}

void EventLoop::start(const std::string& thread_name) {
  wake_fd_.reset(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  timer_fd_.reset(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
  if (!wake_fd_ || !timer_fd_)
    throw Error(EVH_UNAVAILABLE, "no file descriptor is left for an event loop; raise the limit (ulimit -n)");
  reactor_ = Pistache::Aio::Reactor::create();
  reactor_->init(Pistache::Aio::AsyncContext(1, thread_name));
  reactor_->addHandler(std::make_shared<Adapter>(*this));
  reactor_->run();
}

void EventLoop::attach(Epoll& poller) {
  poller_ = &poller;
  poller.addFd(wake_fd_.get(), kReadable, Tag(kWake));
  poller.addFd(timer_fd_.get(), kReadable, Tag(kTimer));
}

void EventLoop::stop() {
  if (reactor_ != nullptr) {
    reactor_->shutdown();
    const std::vector<int> left_open = descriptors_of_reactor(wake_fd_.get());
    reactor_.reset();  // joins the thread
    for (const int fd : left_open) ::close(fd);
  }
  Inbox left;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    std::swap(left, inbox_);
  }
  for (const auto& [id, connection] : connections_) connection->stop();
  connections_.clear();
  for (Exchange* exchange : left.exchanges) exchange->unref();
}

void EventLoop::adopt(UniqueFd fd, std::string client_ip) {
  std::unique_lock lock(mutex_);
  if (stopped_) return;
  inbox_.accepted.push_back({std::move(fd), std::move(client_ip)});
  wake(std::move(lock));
}

bool EventLoop::run(std::function<void()> task) {
  std::unique_lock lock(mutex_);
  if (stopped_) return false;
  inbox_.tasks.push_back(std::move(task));
  wake(std::move(lock));
  return true;
}

void EventLoop::post(Exchange& exchange) {
  if (current_loop == this) return own_answers_.push_back(&exchange);
  std::unique_lock lock(mutex_);
  if (stopped_) {
    lock.unlock();
    return exchange.unref();
  }
  inbox_.exchanges.push_back(&exchange);
  wake(std::move(lock));
}

void EventLoop::wake(std::unique_lock<std::mutex> lock) {
  if (std::exchange(awake_, true)) return;
  lock.unlock();
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(wake_fd_.get(), &one, sizeof one);
}

void EventLoop::begin_drain() {
  run([this] {
    draining_ = true;
    for (const auto& [id, connection] : connections_) connection->begin_drain();
  });
}

void EventLoop::recycle(Exchange& exchange) noexcept {
  std::unique_ptr<Exchange> owned(&exchange);
  owned->clear();
  const std::lock_guard lock(pool_mutex_);
  if (pool_.size() < kMaxPooled) pool_.push_back(std::move(owned));
}

Exchange& EventLoop::take_exchange(Connection& owner) {
  std::unique_ptr<Exchange> exchange;
  {
    const std::lock_guard lock(pool_mutex_);
    if (!pool_.empty()) {
      exchange = std::move(pool_.back());
      pool_.pop_back();
    }
  }
  if (exchange == nullptr)
    exchange = std::make_unique<Exchange>(*this, context_.stream_limits, context_.memory, context_.options.limits);
  exchange->reuse(owner);
  return *exchange.release();  // counted by its references from here on
}

void EventLoop::on_ready(const Pistache::Aio::FdSet& events) {
  current_loop = this;
  for (const auto& event : events) {
    const bool readable = event.isReadable(), writable = event.isWritable();
    // An error comes without any flag that Pistache knows: nothing else does.
    const bool broken = event.isHangup() || (!readable && !writable);
    handle(event.getTag().value(), {.readable = readable, .writable = writable, .broken = broken});
  }
  work_through_inbox();
}

void EventLoop::handle(std::uint64_t tag, const Connection::Events& events) {
  std::uint64_t count = 0;
  switch (tag) {
    case kWake: {
      [[maybe_unused]] const ssize_t got = ::read(wake_fd_.get(), &count, sizeof count);
      return;
    }
    case kTimer:
      if (::read(timer_fd_.get(), &count, sizeof count) > 0) tick();
      return;
    case kListener:
      if (on_acceptable_) on_acceptable_();
      return;
    default:
      break;
  }
  if (const auto found = connections_.find(tag); found != connections_.end()) found->second->on_events(events);
}

// An answer can free a connection for its next request, which may be answered at once: more rounds, but not so many
// that new events wait for long.
void EventLoop::work_through_inbox() {
  for (int round = 0;; ++round) {
    {
      std::unique_lock lock(mutex_);
      awake_ = false;
      std::swap(work_, inbox_);
      if (round == kMaxRounds) wake(std::move(lock));
    }
    if (work_.empty() && own_answers_.empty()) break;
    for (Exchange* exchange : work_.exchanges) take_answer(*exchange);
    for (Accepted& accepted : work_.accepted) open_connection(std::move(accepted));
    for (const auto& task : work_.tasks) task();
    work_.clear();
    for (std::size_t i = 0; i < own_answers_.size(); ++i) take_answer(*own_answers_[i]);
    own_answers_.clear();
    if (round == kMaxRounds) break;
  }
  for (const std::uint64_t id : closed_) connections_.erase(id);
  closed_.clear();
  set_ticking();
}

void EventLoop::take_answer(Exchange& exchange) {
  exchange.mark_taken();
  if (exchange.connection != nullptr) exchange.connection->on_answer(exchange);
  exchange.unref();
}

void EventLoop::open_connection(Accepted accepted) {
  const std::uint64_t id = next_id_++;
  const int fd = accepted.fd.get();
  try {
    poller_->addFd(fd, kReadable, Tag(id));
  } catch (const std::exception& error) {  // fs.epoll.max_user_watches, or no memory
    context_.open_connections.fetch_sub(1);
    return context_.host.warn("a new connection cannot be watched, and is closed", {{"error", error.what()}});
  }
  auto connection = std::make_unique<Connection>(*this, std::move(accepted.fd), id, std::move(accepted.client_ip));
  context_.busy.add();
  Connection& opened = *connections_.emplace(id, std::move(connection)).first->second;
  if (draining_) opened.begin_drain();
}

void EventLoop::watch_connection(const Connection& connection, Connection::Interest interest) {
  Pistache::Flags<NotifyOn> flags;
  if (interest.read) flags |= NotifyOn::Read;
  if (interest.write) flags |= NotifyOn::Write;
  poller_->rearmFd(connection.fd(), flags, Tag(connection.id()));
}

void EventLoop::unwatch_connection(const Connection& connection) {
  poller_->removeFd(connection.fd());
}

void EventLoop::note_not_busy() {
  context_.busy.remove();
}

void EventLoop::note_closed(Connection& connection) {
  context_.open_connections.fetch_sub(1);
  closed_.push_back(connection.id());
}

void EventLoop::watch_listener(int listening_fd, std::function<void()> ready) {
  on_acceptable_ = std::move(ready);
  listening_fd_ = listening_fd;
  poller_->addFd(listening_fd, kReadable, Tag(kListener));
}

void EventLoop::unwatch_listener() {
  if (listening_fd_ < 0) return;
  poller_->removeFd(listening_fd_);
  listening_fd_ = -1;
}

void EventLoop::pause_listener() {
  poller_->rearmFd(listening_fd_, Pistache::Flags<NotifyOn>(), Tag(kListener));
  listener_paused_ = true;
}

void EventLoop::tick() {
  if (std::exchange(listener_paused_, false) && listening_fd_ >= 0) {
    poller_->rearmFd(listening_fd_, kReadable, Tag(kListener));
  }
  const auto now = Connection::Clock::now();
  for (const auto& [id, connection] : connections_) connection->on_tick(now);
}

void EventLoop::set_ticking() {
  const auto wanted = connections_.empty() && !listener_paused_ ? std::chrono::milliseconds(0)
                      : draining_                               ? kDrainTick
                                                                : kTick;
  if (std::exchange(tick_, wanted) == wanted) return;
  const timespec period{0, std::chrono::nanoseconds(wanted).count()};
  const itimerspec setting{period, period};
  ::timerfd_settime(timer_fd_.get(), 0, &setting, nullptr);
}

void EventLoop::dispatch(Exchange& exchange, std::string_view client_ip) {
  context_.dispatcher.dispatch(exchange, client_ip, next_request_id());
}

void EventLoop::note_refused(Exchange& exchange, std::string_view client_ip) {
  exchange.identify(client_ip, next_request_id());
}

// Unique within a process and, by its random start, most likely elsewhere: a bijection of a counter (SplitMix64's
// finalizer).
std::string_view EventLoop::next_request_id() {
  std::uint64_t mixed = id_seed_ + (++request_count_) * 0x9E3779B97F4A7C15U;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9U;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBU;
  mixed ^= mixed >> 31;
  for (char& digit : request_id_) {
    digit = "0123456789abcdef"[mixed & 0xF];
    mixed >>= 4;
  }
  return {request_id_, sizeof request_id_};
}

}  // namespace evh::http_api
