#include "exchange.h"

#include <utility>

#include "event_loop.h"
#include "evh/text.hpp"
#include "json_answer.h"
#include "percent_encoding.h"
#include "response_head.h"
#include "stream_limits.h"

namespace evh::http_api {

namespace {

// Buffers larger than this are not kept for the next request.
constexpr std::size_t kKeptBytes = ByteBudget::kFree;

void clear_and_trim(std::string& text) {
  text.clear();
  if (text.capacity() > kKeptBytes) std::string().swap(text);
}

Exchange& self_of(void* self) {
  return *static_cast<Exchange*>(self);
}

}  // namespace

Exchange::Exchange(EventLoop& loop, StreamLimits& stream_limits, ByteBudget& memory, const RequestLimits& limits)
    : parser(limits), loop_(loop), stream_limits_(stream_limits), memory_(memory) {
  responder_.self = this;
  responder_.respond = [](void* self, std::int32_t status, const evh_header* headers, std::size_t count, evh_str body) {
    self_of(self).respond(status, headers, count, view(body));
  };
  responder_.begin_stream = [](void* self, std::int32_t status, const evh_header* headers, std::size_t count) {
    return self_of(self).begin_stream(status, headers, count);
  };
  responder_.try_write = [](void* self, evh_str chunk, StreamBuffer::Ready ready, void* ctx) {
    return self_of(self).try_write(view(chunk), ready, ctx);
  };
  responder_.end_stream = [](void* self, std::int32_t complete) { self_of(self).end_stream(complete != 0); };
  responder_.retain = [](void* self) { self_of(self).handles_.fetch_add(1, std::memory_order_relaxed); };
  responder_.release = [](void* self) { self_of(self).release_handle(); };
}

bool Exchange::grow_buffer(std::size_t size) {
  if (size > ByteBudget::kFree) {
    const std::size_t more = size - buffer_bytes_taken_;
    if (!memory_.try_take(more)) return false;
    buffer_bytes_taken_ = size;
  }
  buffer.resize(size);
  return true;
}

void Exchange::identify(std::string_view client_ip, std::string_view request_id) {
  client_ip_ = client_ip;
  request_id_ = request_id;
}

void Exchange::publish_request(std::size_t base_size) {
  const HttpRequest& parsed = parser.request();
  is_head_ = parsed.method == "HEAD";
  request_.method = str(is_head_ ? std::string_view("GET") : parsed.method);
  request_.path = str(parsed.path.substr(encoded_size(parsed.path, base_size)));
  request_.query = str(parsed.query);
  request_.body = str(parsed.body);
  request_.client_ip = str(client_ip_);
  request_.request_id = str(request_id_);
  request_.headers = parsed.headers.data();
  request_.header_count = parsed.headers.size();
}

void Exchange::run_handler() {
  handles_.store(1, std::memory_order_relaxed);
  ref();  // of the handles
  const RouteUse use = std::move(route_use);
  use.run(request_, responder_);
  release_handle();
}

bool Exchange::claim_answer(int status, const evh_header* headers, std::size_t count) {
  if (claimed_.exchange(true)) return false;
  status_ = status;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < count; ++i) bytes += headers[i].name.size + headers[i].value.size;
  header_bytes_.reserve(bytes);  // so that the views below stay valid
  const auto copy = [this](evh_str text) {
    const std::size_t offset = header_bytes_.size();
    header_bytes_.append(view(text));
    return evh_str{header_bytes_.data() + offset, text.size};
  };
  for (std::size_t i = 0; i < count; ++i) {
    const evh_str name = copy(headers[i].name);
    answer_headers_.push_back({name, copy(headers[i].value)});
  }
  return true;
}

void Exchange::respond(int status, const evh_header* headers, std::size_t count, std::string_view body) {
  if (has_no_body(status)) body = {};
  if (body.size() > ByteBudget::kFree && !memory_.try_take(body.size())) {
    return respond_error(responder_, memory_is_taken());
  }
  if (!claim_answer(status, headers, count)) {
    if (body.size() > ByteBudget::kFree) memory_.give_back(body.size());
    return;
  }
  if (body.size() > ByteBudget::kFree) answer_bytes_taken_ = body.size();
  answer_body_ = body;
  kind_.store(Kind::kWhole, std::memory_order_release);
  post();
}

evh_code Exchange::begin_stream(int status, const evh_header* headers, std::size_t count) {
  if (claimed_.load()) return EVH_INVALID;
  if (!holds_stream_slot_) {
    if (!stream_limits_.try_open(client_ip_)) return EVH_OVERLOADED;
    holds_stream_slot_ = true;
  }
  if (!claim_answer(status, headers, count)) return EVH_INVALID;
  const bool chunked = parser.request().minor_version >= 1;
  const auto framing = is_head_ || has_no_body(status) ? StreamBuffer::Framing::kDiscard
                       : chunked                       ? StreamBuffer::Framing::kChunked
                                                       : StreamBuffer::Framing::kRaw;
  if (!stream_.begin(framing)) return EVH_CANCELLED;
  kind_.store(Kind::kStream, std::memory_order_release);
  post();
  return EVH_OK;
}

evh_code Exchange::try_write(std::string_view chunk, StreamBuffer::Ready ready, void* ctx) {
  if (kind() != Kind::kStream) return EVH_INVALID;
  const evh_code code = stream_.try_write(chunk, ready, ctx);
  if (code == EVH_OK) post();
  return code;
}

void Exchange::end_stream(bool complete) {
  if (kind() != Kind::kStream) return;
  stream_.end(complete);
  post();
}

void Exchange::release_handle() {
  if (handles_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  if (!claimed_.load()) {
    respond_error(responder_, {500, "internal error", "the request was dropped without an answer"});
  } else if (kind() == Kind::kStream) {
    end_stream(false);  // nothing, if it has ended
  }
  unref();
}

void Exchange::drop_answer_body() {
  clear_and_trim(answer_body_);
}

void Exchange::post() {
  if (posted_.exchange(true)) return;
  ref();
  loop_.post(*this);
}

void Exchange::unref() noexcept {
  if (refs_.fetch_sub(1, std::memory_order_acq_rel) == 1) loop_.recycle(*this);
}

void Exchange::reuse(Connection& owner) {
  refs_.store(1, std::memory_order_relaxed);
  connection = &owner;
}

void Exchange::clear() {
  if (holds_stream_slot_) stream_limits_.close(client_ip_);
  holds_stream_slot_ = false;
  if (buffer.size() > kKeptBytes) std::vector<char>().swap(buffer);
  memory_.give_back(std::exchange(buffer_bytes_taken_, 0) + std::exchange(answer_bytes_taken_, 0));
  received = 0;
  parser.reset();
  dispatched = false;
  is_head_ = false;
  route_use = RouteUse();
  route = nullptr;
  origin = {};
  connection = nullptr;
  claimed_.store(false, std::memory_order_relaxed);
  posted_.store(false, std::memory_order_relaxed);
  kind_.store(Kind::kNone, std::memory_order_relaxed);
  stream_.clear();
  status_ = 0;
  clear_and_trim(header_bytes_);
  answer_headers_.clear();
  clear_and_trim(answer_body_);
}

}  // namespace evh::http_api
