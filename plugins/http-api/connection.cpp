#include "connection.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "access_log.h"
#include "dispatcher.h"
#include "event_loop.h"
#include "json_answer.h"
#include "response_head.h"

namespace evh::http_api {
namespace {

constexpr std::size_t kFirstBuffer = 4096;
constexpr std::size_t kKeptOutBytes = 64 * 1024;

// At a time: what is received behind a large body, perhaps thousands of small requests, is copied with each of them.
constexpr std::size_t kMostReceived = 64 * 1024;

// For the client to close as well, once it has everything.
constexpr std::chrono::seconds kLingerTime{1};

}  // namespace

Connection::Connection(EventLoop& loop, UniqueFd fd, std::uint64_t id, std::string client_ip)
    : loop_(loop),
      fd_(std::move(fd)),
      id_(id),
      client_ip_(std::move(client_ip)),
      idle_since_(Clock::now()),
      delivery_(idle_since_) {}

Connection::~Connection() {
  close();
}

void Connection::on_events(const Events& events) {
  if (events.broken) return phase_ == Phase::kLingering ? linger() : close();
  if (events.writable && phase_ == Phase::kSending) {
    exchange_->kind() == Exchange::Kind::kStream ? send_stream() : send_whole();
  }
  if (!events.readable) return;
  switch (phase_) {
    case Phase::kReceiving:
      readable_ = true;
      return advance();
    case Phase::kLingering:
      return linger();
    case Phase::kHandling:
    case Phase::kSending:
      return watch({.read = false, .write = watched_.write});  // its turn comes after the answer
    case Phase::kClosed:
      return;
  }
}

void Connection::watch(Interest interest) {
  if (interest == watched_) return;
  watched_ = interest;
  loop_.watch_connection(*this, interest);
}

// Receives and parses until a request is complete or nothing more is there.
void Connection::advance() {
  while (phase_ == Phase::kReceiving) {
    if (has_partial_request()) {
      switch (exchange_->parser.parse({exchange_->buffer.data(), exchange_->received})) {
        case RequestParser::Status::kReady:
          return dispatch();
        case RequestParser::Status::kFailed:
          return refuse(exchange_->parser.failure());
        case RequestParser::Status::kNeedMore:
          break;
      }
      if (exchange_->parser.wants_continue()) {
        exchange_->parser.continue_sent();
        out_.append(kContinue);
        flush();
        if (phase_ != Phase::kReceiving) return;
      }
    }
    if (!receive()) break;
  }
  if (phase_ != Phase::kReceiving) return;
  if (exchange_ != nullptr && exchange_->received == 0) drop_exchange();
  if (input_ended_) return end_of_input();
  if (closing_ && !has_partial_request()) return begin_close();
  watch({.read = true, .write = false});
}

// True: there are new bytes.
bool Connection::receive() {
  if (!readable_ || input_ended_) return false;
  if (exchange_ == nullptr) exchange_ = &loop_.take_exchange(*this);
  if (!make_room()) {
    refuse(memory_is_taken());
    return false;
  }
  const std::size_t room = std::min(kMostReceived, exchange_->buffer.size() - exchange_->received);
  const ssize_t count = ::recv(fd_.get(), exchange_->buffer.data() + exchange_->received, room, MSG_DONTWAIT);
  if (count > 0) {
    if (exchange_->received == 0) exchange_->started = Clock::now();
    exchange_->received += static_cast<std::size_t>(count);
    // Less than there was room for: the socket is empty, and an event will tell when it is not.
    if (static_cast<std::size_t>(count) < room) readable_ = false;
    return true;
  }
  if (count < 0 && errno == EINTR) return receive();
  readable_ = false;
  if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return false;
  input_ended_ = true;
  if (count < 0) close();
  return false;
}

bool Connection::make_room() {
  const std::size_t most = loop_.options().limits.buffer_bytes();
  const std::size_t size = exchange_->buffer.size();
  return exchange_->received < size || exchange_->grow_buffer(std::min(most, std::max(kFirstBuffer, size * 2)));
}

void Connection::dispatch() {
  phase_ = Phase::kHandling;
  loop_.dispatch(*exchange_, client_ip_);
}

// For what never becomes a request.
void Connection::refuse(const ApiError& error) {
  closing_ = true;
  phase_ = Phase::kHandling;
  loop_.note_refused(*exchange_, client_ip_);
  respond_error(exchange_->responder(), error);
}

void Connection::on_answer(Exchange& exchange) {
  if (&exchange != exchange_ || exchange.kind() == Exchange::Kind::kNone) return;
  if (phase_ == Phase::kHandling) {
    phase_ = Phase::kSending;
    delivery_.restart(Clock::now());
    send_head();
  }
  if (exchange.kind() == Exchange::Kind::kStream) return send_stream();
  send_whole();
}

void Connection::send_head() {
  const bool stream = exchange_->kind() == Exchange::Kind::kStream;
  const int minor_version = exchange_->dispatched ? exchange_->parser.request().minor_version : 1;
  if (!exchange_->keep_alive() || loop_.is_draining() || input_ended_) closing_ = true;

  ResponseHead head;
  head.status = exchange_->status();
  head.date = loop_.date();
  head.headers = exchange_->answer_headers();
  const ServerHeaders server_headers(*exchange_, loop_.dispatcher().cors());
  head.server_headers = server_headers.list();
  if (stream) {
    head.body_end = minor_version >= 1 ? BodyEnd::kChunks : BodyEnd::kClose;
    if (minor_version == 0) closing_ = true;
  } else {
    head.length = exchange_->answer_body().size();
  }
  head.persistence =
      closing_ ? Persistence::kClose : (minor_version == 0 ? Persistence::kKeepAlive : Persistence::kOpen);
  append_response_head(out_, head);
  if (stream) return;
  if (!exchange_->is_head()) out_.append(exchange_->answer_body());
  exchange_->drop_answer_body();
}

void Connection::send_whole() {
  if (flush()) finish(true);
}

// One step: what the handler writes meanwhile comes with the next post, so that one fast stream does not keep the loop
// to itself.
void Connection::send_stream() {
  if (!flush()) return;
  const StreamBuffer::State state = exchange_->stream().take(out_);
  if (!flush()) return;
  if (state != StreamBuffer::State::kOpen) return finish(state == StreamBuffer::State::kComplete);
  delivery_.restart(Clock::now());  // it is the handler that keeps us waiting
  exchange_->stream().notify_room();
}

// True: everything is sent. False: the socket is full, or the connection was closed.
bool Connection::flush() {
  while (sent_ < out_.size()) {
    const ssize_t count = ::send(fd_.get(), out_.data() + sent_, out_.size() - sent_, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count >= 0) {
      sent_ += static_cast<std::size_t>(count);
      delivery_.note_sent(static_cast<std::size_t>(count), Clock::now());
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      watch({.read = watched_.read, .write = true});
      return false;
    } else if (errno != EINTR) {
      close();
      return false;
    }
  }
  watch({.read = watched_.read, .write = false});
  out_.clear();
  if (out_.capacity() > kKeptOutBytes) std::string().swap(out_);
  sent_ = 0;
  return true;
}

void Connection::finish(bool complete) {
  if (loop_.options().access_log) log_request(loop_.host(), *exchange_, sent_status(exchange_->status()));
  // Chunks show that the end is missing; to a client of HTTP/1.0 nothing but a reset does.
  const bool needs_reset = !complete && exchange_->parser.request().minor_version == 0;
  if (!complete) closing_ = true;

  const std::size_t used = exchange_->dispatched ? exchange_->parser.consumed() : exchange_->received;
  Exchange* next = nullptr;
  if (!closing_ && used < exchange_->received) {
    next = &loop_.take_exchange(*this);
    const std::size_t rest = exchange_->received - used;
    if (next->buffer.size() < rest) next->buffer.resize(std::max(kFirstBuffer, rest));
    std::copy_n(exchange_->buffer.data() + used, rest, next->buffer.data());
    next->received = rest;
    next->started = Clock::now();
  }
  drop_exchange();
  exchange_ = next;
  phase_ = Phase::kReceiving;
  idle_since_ = Clock::now();
  if (needs_reset) return cut();
  if (closing_) return begin_close();
  advance();
}

void Connection::begin_close() {
  ::shutdown(fd_.get(), SHUT_WR);
  delivery_.note_end();
  phase_ = Phase::kLingering;
  check_delivery(Clock::now());
  watch({.read = true, .write = false});
  linger();
}

void Connection::linger() {
  std::array<char, 16 * 1024> scratch;
  const ssize_t count = ::recv(fd_.get(), scratch.data(), scratch.size(), MSG_DONTWAIT);
  if (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) return close();
  if (count != 0) return;
  if (!is_busy_ || delivery_.outstanding(fd_.get()) == 0) return close();
  input_ended_ = true;
  loop_.unwatch_connection(*this);  // a hangup is told again and again; the ticks tell how the delivery goes
}

void Connection::end_of_input() {
  if (delivery_.outstanding(fd_.get()) == 0) return close();
  begin_close();
}

// A drain waits until the client has everything; its own end may follow a moment later.
void Connection::check_delivery(Clock::time_point now) {
  if (!is_busy_ || delivery_.outstanding(fd_.get()) > 0) return;
  idle_since_ = now;
  leave_busy();
}

void Connection::leave_busy() {
  if (std::exchange(is_busy_, false)) loop_.note_not_busy();
}

void Connection::begin_drain() {
  closing_ = true;
  if (phase_ != Phase::kReceiving) return;
  readable_ = true;
  advance();
}

void Connection::on_tick(Clock::time_point now) {
  const ServerOptions& options = loop_.options();
  switch (phase_) {
    case Phase::kReceiving:
      if (has_partial_request()) {
        if (now - exchange_->started > options.read_timeout) {
          const auto seconds = std::chrono::duration<double>(options.read_timeout).count();
          refuse({408, "request timeout",
                  "the request was not complete after " + std::to_string(seconds).substr(0, 5) + " seconds"});
        }
      } else if (now - idle_since_ > options.idle_timeout) {
        begin_close();
      }
      return;
    case Phase::kSending:
      if (!out_.empty() && delivery_.is_stalled(fd_.get(), now, options.write_timeout)) cut();
      return;
    case Phase::kLingering:
      check_delivery(now);
      if (is_busy_ && delivery_.is_stalled(fd_.get(), now, options.write_timeout)) return cut();
      if (!is_busy_ && (input_ended_ || now - idle_since_ > kLingerTime)) close();
      return;
    case Phase::kHandling:
    case Phase::kClosed:
      return;
  }
}

void Connection::stop() {
  if (phase_ == Phase::kLingering) return close();
  if (phase_ != Phase::kClosed) cut();
}

void Connection::cut() {
  const struct ::linger reset { 1, 0 };  // a reset, so that the client cannot take what it got for the whole
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  close();
}

void Connection::close() {
  if (phase_ == Phase::kClosed) return;
  leave_busy();
  const bool unanswered = phase_ == Phase::kHandling || phase_ == Phase::kSending;
  phase_ = Phase::kClosed;
  if (unanswered && loop_.options().access_log && exchange_->dispatched)
    log_request(loop_.host(), *exchange_, kClientGone);
  if (exchange_ != nullptr) drop_exchange();
  fd_.reset();  // which also takes it out of the poller
  loop_.note_closed(*this);
}

void Connection::drop_exchange() {
  Exchange& exchange = *std::exchange(exchange_, nullptr);
  exchange.connection = nullptr;
  if (exchange.kind() != Exchange::Kind::kWhole) exchange.stream().client_gone();
  exchange.unref();
}

}  // namespace evh::http_api
