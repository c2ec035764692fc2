#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

#include "evh/types.h"

namespace evh::http_api {

/// The bytes of a streamed answer between the handler that writes them and the connection that sends them. Bounded:
/// past kHighWater nothing is taken until the connection has taken what is there.
class StreamBuffer {
 public:
  static constexpr std::size_t kHighWater = 128 * 1024;

  using Ready = void (*)(void* ctx, std::int32_t gone);

  /// How chunks go on the wire.
  enum class Framing { kChunked, kRaw, kDiscard };

  /// [before a request] Forgets the last stream.
  void clear();

  /// [before try_write and end] False: the client is gone already.
  [[nodiscard]] bool begin(Framing framing);

  // For the handler, from any thread: see evh_responder.
  evh_code try_write(std::string_view chunk, Ready ready, void* ctx);
  void end(bool complete);

  enum class State { kOpen, kComplete, kBroken };

  /// [connection] Moves what is there behind `out`, and tells how the stream stands after it.
  State take(std::string& out);

  /// [connection] What was taken is sent: tells a writer that waits.
  void notify_room();

  /// [connection] Nobody reads any more, perhaps before the stream has begun.
  void client_gone();

 private:
  void notify(std::int32_t gone);

  std::mutex mutex_;
  Framing framing_ = Framing::kDiscard;
  State state_ = State::kOpen;
  bool gone_ = false;
  std::string pending_;
  Ready ready_ = nullptr;
  void* ready_ctx_ = nullptr;
};

}  // namespace evh::http_api
