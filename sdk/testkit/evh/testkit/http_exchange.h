// One request that was put to the fake router, seen from its client.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "evh/testkit/http_answer.h"
#include "evh/testkit/patience.h"

namespace evh::testkit {

class HttpResponderState;

// Made by FakeHttpRouter::begin. Every function may be called from any thread. Destroying it changes nothing: the
// client still waits.
class HttpExchange {
 public:
  // Bytes of a stream that a client which stalls still takes.
  static constexpr std::size_t kRoom = 64U << 10U;

  explicit HttpExchange(std::shared_ptr<HttpResponderState> state) noexcept : state_(std::move(state)) {}

  [[nodiscard]] HttpAnswer answer() const;                                               // so far
  [[nodiscard]] bool wait(Span patience = kPatience) const;                              // until it is over
  [[nodiscard]] bool wait_for_status(Span patience = kPatience) const;                   // until it has begun
  [[nodiscard]] bool wait_for_body(std::size_t bytes, Span patience = kPatience) const;  // at least so many
  [[nodiscard]] bool wait_for_stall(Span patience = kPatience) const;  // until a writer waits for room
  [[nodiscard]] bool is_released() const;                              // nobody holds the responder any more

  // The client takes no more of a stream; it takes on again, or is gone for good. The writer's `ready` is called on the
  // caller's thread.
  void stall();
  void resume();
  void vanish();

 private:
  std::shared_ptr<HttpResponderState> state_;
};

}  // namespace evh::testkit
