#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "delivery.h"
#include "exchange.h"
#include "unique_fd.h"

namespace evh::http_api {

class EventLoop;

/// One client: receives its requests, one at a time, and sends their answers in order. Lives on its loop's thread.
///
/// While a request is being answered nothing more is read, so a client that sends faster than it is answered fills its
/// own socket, not our memory.
class Connection {
 public:
  using Clock = Exchange::Clock;

  Connection(EventLoop& loop, UniqueFd fd, std::uint64_t id, std::string client_ip);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  struct Events {
    bool readable = false;
    bool writable = false;
    bool broken = false;  ///< nothing goes either way
  };
  void on_events(const Events& events);

  /// The exchange, which is this connection's, has an answer or more of its stream.
  void on_answer(Exchange& exchange);

  /// Called a few times a second: enforces the timeouts.
  void on_tick(Clock::time_point now);

  /// Close after the request in flight, or now if there is none.
  void begin_drain();

  /// The end of the server: what was answered whole is left to the kernel, which delivers it; the rest is cut off.
  void stop();

  std::uint64_t id() const noexcept { return id_; }
  int fd() const noexcept { return fd_.get(); }
  bool is_closed() const noexcept { return phase_ == Phase::kClosed; }

  /// What the poller is to tell of it: level-triggered, so each is asked for only while it is waited for.
  struct Interest {
    bool read = true;
    bool write = false;
    bool operator==(const Interest&) const = default;
  };

 private:
  enum class Phase : std::uint8_t {
    kReceiving,  // a request, or nothing yet
    kHandling,   // the handler has it
    kSending,    // its answer
    kLingering,  // our side is closed; until the client has taken the answer, what still comes in is thrown away, so
                 // that the answer is not lost to a reset
    kClosed,
  };

  void advance();
  bool receive();
  [[nodiscard]] bool make_room();
  void dispatch();
  void refuse(const ApiError& error);
  void send_head();
  void send_whole();
  void send_stream();
  bool flush();
  void finish(bool complete);
  void begin_close();
  void linger();
  void end_of_input();
  void check_delivery(Clock::time_point now);
  void leave_busy();
  void cut();
  void close();
  void watch(Interest interest);
  void drop_exchange();
  bool has_partial_request() const noexcept { return exchange_ != nullptr && exchange_->received > 0; }

  EventLoop& loop_;
  UniqueFd fd_;
  const std::uint64_t id_;
  const std::string client_ip_;

  Phase phase_ = Phase::kReceiving;
  Interest watched_;
  bool readable_ = false;     // there may be bytes to receive: an event said so, and recv has not said otherwise
  bool input_ended_ = false;  // the client sends no more
  bool closing_ = false;      // after this answer
  bool is_busy_ = true;       // a client waits for an answer, takes one, or is about to send a request
  Exchange* exchange_ = nullptr;
  std::string out_;       // of the answer, what is being sent
  std::size_t sent_ = 0;  // bytes of out_
  Clock::time_point idle_since_;
  Delivery delivery_;
};

}  // namespace evh::http_api
