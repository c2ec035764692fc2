#include "text_check.h"

#include "evh/utf8.hpp"

namespace evh::testkit {
bool is_one_line(std::string_view text) noexcept {
  return !text.empty() && text.find_first_of("\r\n") == std::string_view::npos && is_utf8(text);
}

}  // namespace evh::testkit
