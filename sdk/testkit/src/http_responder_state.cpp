#include "http_responder_state.h"

#include <strings.h>

#include <algorithm>
#include <utility>

#include "evh/testkit/http_exchange.h"
#include "evh/text.hpp"

namespace evh::testkit {
namespace {

HttpResponderState& of(void* self) {
  return *static_cast<HttpResponderState*>(self);
}

bool is_servers_header(std::string_view name) {
  constexpr const char* kServers[] = {"Content-Length", "Transfer-Encoding", "Connection", "Date", "X-Request-Id"};
  return std::ranges::any_of(kServers,
                             [&](const char* one) { return strcasecmp(std::string(name).c_str(), one) == 0; });
}

bool has_line_break(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

}  // namespace

HttpResponderState::HttpResponderState(HttpRequest request, std::string id, std::size_t path_begin,
                                       bool refuses_streams, std::shared_ptr<ViolationList> violations)
    : request_(std::move(request)),
      id_(std::move(id)),
      is_head_(request_.method == "HEAD"),
      refuses_streams_(refuses_streams),
      violations_(std::move(violations)),
      stalls_(request_.stalls) {
  for (const HttpHeader& header : request_.headers) raw_headers_.push_back({str(header.name), str(header.value)});
  const std::string_view target = request_.target;
  const std::size_t mark = std::min(target.find('?'), target.size());
  raw_request_ = {.method = str(is_head_ ? std::string_view("GET") : std::string_view(request_.method)),
                  .path = str(target.substr(path_begin, mark - path_begin)),
                  .query = str(target.substr(std::min(mark + 1, target.size()))),
                  .body = str(request_.body),
                  .client_ip = str(request_.client_ip),
                  .request_id = str(id_),
                  .headers = raw_headers_.data(),
                  .header_count = raw_headers_.size()};
  responder_ = {
      .self = this,
      .respond = [](void* self, std::int32_t status, const evh_header* headers, std::size_t count,
                    evh_str body) { of(self).respond(status, headers, count, view(body)); },
      .begin_stream = [](void* self, std::int32_t status, const evh_header* headers,
                         std::size_t count) { return of(self).begin_stream(status, headers, count); },
      .try_write = [](void* self, evh_str chunk, Ready ready,
                      void* ctx) { return of(self).try_write(view(chunk), ready, ctx); },
      .end_stream = [](void* self, std::int32_t complete) { of(self).end_stream(complete != 0); },
      .retain = [](void* self) { of(self).retain(); },
      .release = [](void* self) { of(self).release(); },
  };
}

void HttpResponderState::respond(std::int32_t status, const evh_header* headers, std::size_t count,
                                 std::string_view body) {
  const std::lock_guard lock(mutex_);
  if (stage_ != Stage::kUnanswered) return violate("was answered twice");
  begin_answer(status, headers, count);
  if (!is_head_) answer_.body = body;
  end_answer(true);
}

evh_code HttpResponderState::begin_stream(std::int32_t status, const evh_header* headers, std::size_t count) {
  const std::lock_guard lock(mutex_);
  if (stage_ != Stage::kUnanswered) {
    violate("was answered twice");
    return EVH_INVALID;
  }
  if (refuses_streams_) return EVH_OVERLOADED;
  if (is_gone_) return EVH_CANCELLED;
  begin_answer(status, headers, count);
  answer_.is_stream = true;
  stage_ = Stage::kStream;
  return EVH_OK;
}

evh_code HttpResponderState::try_write(std::string_view chunk, Ready ready, void* ctx) {
  const std::lock_guard lock(mutex_);
  if (is_gone_) return EVH_CANCELLED;
  if (stage_ != Stage::kStream) {
    violate("had a chunk written before begin_stream or after end_stream");
    return EVH_INVALID;
  }
  if (is_head_) return EVH_CANCELLED;  // no body goes back
  if (stalls_ && room_taken_ > 0 && room_taken_ + chunk.size() > HttpExchange::kRoom) {
    ready_ = ready;
    ready_ctx_ = ctx;
    changed_.notify_all();
    return EVH_OVERLOADED;
  }
  if (stalls_) room_taken_ += chunk.size();
  answer_.body += chunk;
  changed_.notify_all();
  return EVH_OK;
}

void HttpResponderState::end_stream(bool is_complete) {
  const std::lock_guard lock(mutex_);
  if (stage_ != Stage::kStream) {
    if (!is_gone_) violate("had its stream ended without one, or twice");
    return;
  }
  end_answer(is_complete);
}

void HttpResponderState::retain() {
  const std::lock_guard lock(mutex_);
  if (references_ == 0) return violate("was retained after its last release");
  ++references_;
}

void HttpResponderState::release() {
  const std::lock_guard lock(mutex_);
  if (references_ == 0) return violate("was released once too often");
  if (--references_ > 0) return;
  if (stage_ == Stage::kUnanswered) {
    answer_.status = 500;
    end_answer(true);
  } else if (stage_ == Stage::kStream) {
    violate("was released with its stream open");
    end_answer(false);
  }
  changed_.notify_all();
}

HttpAnswer HttpResponderState::answer() const {
  const std::lock_guard lock(mutex_);
  return answer_;
}

bool HttpResponderState::wait(Span patience) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [&] { return stage_ == Stage::kOver; });
}

bool HttpResponderState::wait_for_status(Span patience) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [&] { return answer_.status != 0; });
}

bool HttpResponderState::wait_for_body(std::size_t bytes, Span patience) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [&] { return answer_.body.size() >= bytes; });
}

bool HttpResponderState::wait_for_stall(Span patience) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [&] { return ready_ != nullptr; });
}

bool HttpResponderState::is_released() const {
  const std::lock_guard lock(mutex_);
  return references_ == 0;
}

void HttpResponderState::stall() {
  const std::lock_guard lock(mutex_);
  stalls_ = true;
}

void HttpResponderState::resume() {
  {
    const std::lock_guard lock(mutex_);
    stalls_ = false;
    room_taken_ = 0;
  }
  call_ready(0);
}

void HttpResponderState::vanish() {
  {
    const std::lock_guard lock(mutex_);
    is_gone_ = true;
  }
  call_ready(1);
}

void HttpResponderState::begin_answer(std::int32_t status, const evh_header* headers, std::size_t count) {
  if (status < 200 || status > 599) violate("was answered with the status " + std::to_string(status));
  answer_.status = status;
  for (std::size_t index = 0; index < count; ++index) {
    const std::string_view name = view(headers[index].name);
    const std::string_view value = view(headers[index].value);
    if (is_servers_header(name))
      violate("was answered with the header " + std::string(name) + ", which is the server's to write");
    if (name.empty() || has_line_break(name) || has_line_break(value)) {
      violate("was answered with a header that is empty or has a line break");
    }
    answer_.headers.push_back({std::string(name), std::string(value)});
  }
  changed_.notify_all();
}

// A client that has gone never sees the end.
void HttpResponderState::end_answer(bool is_complete) {
  stage_ = Stage::kOver;
  answer_.is_complete = is_complete && !is_gone_;
  ready_ = nullptr;
  changed_.notify_all();
}

void HttpResponderState::violate(const std::string& what) const {
  violations_->report(name() + " " + what);
}

void HttpResponderState::call_ready(std::int32_t gone) {
  Ready ready = nullptr;
  void* ctx = nullptr;
  {
    const std::lock_guard lock(mutex_);
    ready = std::exchange(ready_, nullptr);
    ctx = ready_ctx_;
  }
  if (ready != nullptr) ready(ctx, gone);
}

}  // namespace evh::testkit
