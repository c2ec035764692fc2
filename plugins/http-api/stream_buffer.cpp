#include "stream_buffer.h"

#include <utility>

#include "response_head.h"

namespace evh::http_api {

void StreamBuffer::clear() {
  const std::lock_guard lock(mutex_);
  framing_ = Framing::kDiscard;
  state_ = State::kOpen;
  gone_ = false;
  std::string().swap(pending_);
  ready_ = nullptr;
}

bool StreamBuffer::begin(Framing framing) {
  const std::lock_guard lock(mutex_);
  framing_ = framing;
  return !gone_;
}

evh_code StreamBuffer::try_write(std::string_view chunk, Ready ready, void* ctx) {
  const std::lock_guard lock(mutex_);
  if (gone_ || framing_ == Framing::kDiscard || state_ != State::kOpen) return EVH_CANCELLED;
  if (pending_.size() >= kHighWater) {
    ready_ = ready;
    ready_ctx_ = ctx;
    return EVH_OVERLOADED;
  }
  if (framing_ == Framing::kChunked) {
    append_chunk(pending_, chunk);
  } else {
    pending_.append(chunk);
  }
  return EVH_OK;
}

void StreamBuffer::end(bool complete) {
  const std::lock_guard lock(mutex_);
  if (state_ != State::kOpen) return;
  state_ = complete || framing_ == Framing::kDiscard ? State::kComplete : State::kBroken;
  if (state_ == State::kComplete && framing_ == Framing::kChunked) pending_.append(kLastChunk);
}

StreamBuffer::State StreamBuffer::take(std::string& out) {
  const std::lock_guard lock(mutex_);
  if (out.empty()) {
    out.swap(pending_);
  } else {
    out.append(pending_);
    pending_.clear();
  }
  return state_;
}

void StreamBuffer::notify_room() {
  notify(0);
}

void StreamBuffer::client_gone() {
  {
    const std::lock_guard lock(mutex_);
    gone_ = true;
    pending_.clear();
  }
  notify(1);
}

void StreamBuffer::notify(std::int32_t gone) {
  Ready ready = nullptr;
  void* ctx = nullptr;
  {
    const std::lock_guard lock(mutex_);
    ready = std::exchange(ready_, nullptr);
    ctx = ready_ctx_;
  }
  if (ready != nullptr) ready(ctx, gone);  // without the lock: it may write at once
}

}  // namespace evh::http_api
