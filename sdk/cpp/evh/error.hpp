// Failure inside a plugin is an exception; at the boundary it is an evh_code. guard() turns the one into the other.
#pragma once

#include <algorithm>
#include <cstring>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "evh/types.h"

namespace evh {

// "EVH_TIMEOUT"; "code 77" for one that this release does not know.
[[nodiscard]] inline std::string code_name(evh_code code) {
  switch (code) {
    case EVH_OK:
      return "EVH_OK";
    case EVH_INVALID:
      return "EVH_INVALID";
    case EVH_UNAVAILABLE:
      return "EVH_UNAVAILABLE";
    case EVH_OVERLOADED:
      return "EVH_OVERLOADED";
    case EVH_TIMEOUT:
      return "EVH_TIMEOUT";
    case EVH_CANCELLED:
      return "EVH_CANCELLED";
    case EVH_NOT_FOUND:
      return "EVH_NOT_FOUND";
    case EVH_UNKNOWN_OUTCOME:
      return "EVH_UNKNOWN_OUTCOME";
    case EVH_INTERNAL:
      return "EVH_INTERNAL";
    default:
      return "code " + std::to_string(code);
  }
}

// What a plugin throws to fail with a code of its choice.
class Error : public std::runtime_error {
 public:
  Error(evh_code code, const std::string& message) : std::runtime_error(message), code_(code) {}
  [[nodiscard]] evh_code code() const noexcept { return code_; }

 private:
  evh_code code_;
};

// Fills the caller's error, which may be nullptr; a message too long is cut between characters. Returns `code`.
inline evh_code fail(evh_error* error, evh_code code, std::string_view message) noexcept {
  if (error == nullptr) return code;
  error->code = code;
  std::size_t size = std::min(message.size(), sizeof error->message - 1);
  const bool cut = size < message.size();
  while (cut && size > 0 && (static_cast<unsigned char>(message[size]) & 0xC0U) == 0x80U) --size;
  std::memcpy(error->message, message.data(), size);
  error->message[size] = '\0';
  return code;
}

// The exception in flight as a code and a text. Call it inside a catch block.
inline evh_code fail_with_current_exception(evh_error* error) noexcept {
  try {
    throw;
  } catch (const Error& failure) {
    return fail(error, failure.code() == EVH_OK ? EVH_INTERNAL : failure.code(), failure.what());
  } catch (const std::bad_alloc&) {
    return fail(error, EVH_INTERNAL, "out of memory");
  } catch (const std::exception& failure) {
    return fail(error, EVH_INTERNAL, failure.what());
  } catch (...) {
    return fail(error, EVH_INTERNAL, "an exception that is no std::exception");
  }
}

// Runs `body`, and lets nothing out but a code. A body that returns an evh_code has the last word.
template <class Body>
evh_code guard(evh_error* error, Body&& body) noexcept {
  try {
    if constexpr (std::is_same_v<decltype(body()), evh_code>) {
      return std::forward<Body>(body)();
    } else {
      std::forward<Body>(body)();
      return EVH_OK;
    }
  } catch (...) {
    return fail_with_current_exception(error);
  }
}

// The other direction: throws Error when a call across the boundary failed.
inline void check(evh_code code, const evh_error& error) {
  if (code != EVH_OK) throw Error(code, error.message);
}

}  // namespace evh
