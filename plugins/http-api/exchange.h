#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "byte_budget.h"
#include "evh/http_message.h"
#include "request_parser.h"
#include "router.h"
#include "stream_buffer.h"

namespace evh::http_api {

class Connection;
class EventLoop;
class StreamLimits;

/// One request and its answer: the bytes received, the request parsed out of them, and the responder that the handler
/// holds. It outlives its connection when the handler answers late; such an answer is dropped.
///
/// The loop's thread owns it, but for the responder's functions, which any thread may call. Counted references: one of
/// the connection, one of all handles together, one for each time it is on its way to the loop.
class Exchange {
 public:
  using Clock = std::chrono::steady_clock;

  Exchange(EventLoop& loop, StreamLimits& stream_limits, ByteBudget& memory, const RequestLimits& limits);
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // ---- the request [loop thread] ----

  std::vector<char> buffer;   ///< room for what is received of it, and perhaps of those behind it
  std::size_t received = 0;   ///< bytes of buffer that are filled
  RequestParser parser;       ///< over buffer
  Clock::time_point started;  ///< when its first byte came
  bool dispatched = false;    ///< there is a request, and it is in request()

  /// Makes `buffer` that large. False: so much memory may not be used now.
  [[nodiscard]] bool grow_buffer(std::size_t size);

  /// Whose request it is and what it is called; both are copied.
  void identify(std::string_view client_ip, std::string_view request_id);
  /// For a request that the parser found ready, and that was identified: what the handler gets.
  void publish_request(std::size_t base_size);
  const evh_request& request() const noexcept { return request_; }
  std::string_view client_ip() const noexcept { return client_ip_; }
  std::string_view request_id() const noexcept { return request_id_; }
  bool is_head() const noexcept { return is_head_; }
  bool keep_alive() const noexcept { return dispatched && parser.request().keep_alive; }

  RouteUse route_use;            ///< until the handler has returned
  std::shared_ptr<Route> route;  ///< for the access log; nullptr: none matched
  std::string_view origin;       ///< of a page that CORS allows; else empty

  /// nullptr once the client is gone.
  Connection* connection = nullptr;

  // ---- the answer ----

  enum class Kind : std::uint8_t { kNone, kWhole, kStream };

  /// Hands the request to its handler on this thread and drops the handler's handle behind it.
  void run_handler();
  /// It will not run: its route may be taken away.
  void drop_handler() { route_use = RouteUse(); }

  /// For answers of the server itself, instead of a handler's.
  const evh_responder& responder() const noexcept { return responder_; }

  Kind kind() const noexcept { return kind_.load(std::memory_order_acquire); }
  int status() const noexcept { return status_; }
  const std::vector<evh_header>& answer_headers() const noexcept { return answer_headers_; }
  const std::string& answer_body() const noexcept { return answer_body_; }
  /// It is in the connection's hands; a large one is not needed twice.
  void drop_answer_body();
  StreamBuffer& stream() noexcept { return stream_; }

  // ---- references ----

  void ref() noexcept { refs_.fetch_add(1, std::memory_order_relaxed); }
  void unref() noexcept;

  /// [loop thread] It was taken from the loop's inbox: the next change posts it again.
  void mark_taken() noexcept { posted_.store(false); }

  /// Before it is used for another request: one reference, of the connection.
  void reuse(Connection& owner);
  /// Forgets the request but not the memory.
  void clear();

 private:
  void respond(int status, const evh_header* headers, std::size_t count, std::string_view body);
  bool claim_answer(int status, const evh_header* headers, std::size_t count);
  evh_code begin_stream(int status, const evh_header* headers, std::size_t count);
  evh_code try_write(std::string_view chunk, StreamBuffer::Ready ready, void* ctx);
  void end_stream(bool complete);
  void release_handle();
  void post();

  EventLoop& loop_;
  StreamLimits& stream_limits_;
  ByteBudget& memory_;

  evh_request request_{};
  evh_responder responder_{};
  std::string client_ip_, request_id_;
  bool is_head_ = false;

  std::atomic<std::uint32_t> refs_{1};
  std::atomic<std::uint32_t> handles_{0};
  std::atomic<bool> claimed_{false};
  std::atomic<bool> posted_{false};

  std::atomic<Kind> kind_{Kind::kNone};  // set when what it tells of is there
  int status_ = 0;
  std::string header_bytes_;
  std::vector<evh_header> answer_headers_;
  std::string answer_body_;
  std::size_t buffer_bytes_taken_ = 0, answer_bytes_taken_ = 0;  // of memory_
  bool holds_stream_slot_ = false;
  StreamBuffer stream_;
};

}  // namespace evh::http_api
