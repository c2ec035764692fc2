// One request and its responder: between a handler and a client of the fake router.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "evh/http_message.h"
#include "evh/testkit/http_answer.h"
#include "evh/testkit/patience.h"
#include "violation_list.h"

namespace evh::testkit {

// Lives as long as the router.
class HttpResponderState {
 public:
  // `path_begin`: bytes of the path that the handler does not see.
  HttpResponderState(HttpRequest request, std::string id, std::size_t path_begin, bool refuses_streams,
                     std::shared_ptr<ViolationList> violations);
  HttpResponderState(const HttpResponderState&) = delete;
  HttpResponderState& operator=(const HttpResponderState&) = delete;

  // The handler's reference is there from the beginning: `release` it when the handler has returned.
  [[nodiscard]] const evh_request& request() const noexcept { return raw_request_; }
  [[nodiscard]] const evh_responder& responder() const noexcept { return responder_; }
  void release();

  [[nodiscard]] HttpAnswer answer() const;
  [[nodiscard]] bool wait(Span patience) const;
  [[nodiscard]] bool wait_for_status(Span patience) const;
  [[nodiscard]] bool wait_for_body(std::size_t bytes, Span patience) const;
  [[nodiscard]] bool wait_for_stall(Span patience) const;
  [[nodiscard]] bool is_released() const;
  void stall();
  void resume();
  void vanish();

  [[nodiscard]] std::string name() const { return request_.method + " " + request_.target; }

 private:
  enum class Stage { kUnanswered, kStream, kOver };
  using Ready = void (*)(void* ctx, std::int32_t gone);

  void respond(std::int32_t status, const evh_header* headers, std::size_t count, std::string_view body);
  evh_code begin_stream(std::int32_t status, const evh_header* headers, std::size_t count);
  evh_code try_write(std::string_view chunk, Ready ready, void* ctx);
  void end_stream(bool is_complete);
  void retain();

  // With the lock held.
  void begin_answer(std::int32_t status, const evh_header* headers, std::size_t count);
  void end_answer(bool is_complete);
  void violate(const std::string& what) const;
  // Calls a writer that waits, without the lock.
  void call_ready(std::int32_t gone);

  const HttpRequest request_;
  const std::string id_;
  std::vector<evh_header> raw_headers_;
  evh_request raw_request_{};
  evh_responder responder_{};
  const bool is_head_;
  const bool refuses_streams_;
  const std::shared_ptr<ViolationList> violations_;

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  Stage stage_ = Stage::kUnanswered;
  std::size_t references_ = 1;
  bool stalls_;
  bool is_gone_ = false;
  HttpAnswer answer_;
  std::size_t room_taken_ = 0;  // since the client stalls
  Ready ready_ = nullptr;
  void* ready_ctx_ = nullptr;
};

}  // namespace evh::testkit
