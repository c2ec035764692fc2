#pragma once

#include <cstddef>
#include <string_view>

#include "http_syntax.h"

namespace evh::http_api {

/// Takes lines, ended by CRLF and nothing else, off a buffer that grows at its end, and looks at every byte once. The
/// outcome does not depend on how the bytes were split: a byte that no line may have is refused as soon as it is there.
class LineReader {
 public:
  enum class Status { kLine, kNeedMore, kControl, kBareLineFeed, kBareCarriageReturn };

  void start_at(std::size_t offset) noexcept { position_ = scanned_ = offset; }

  /// `window` begins where it began at the first call and may have become longer or moved. kLine: `line` is the next
  /// line without its end. After another outcome than these two, call no more.
  Status next(std::string_view window, std::string_view& line) noexcept {
    scanned_ = find_control(window, scanned_);
    if (scanned_ == window.size()) return Status::kNeedMore;
    if (window[scanned_] != '\r') return window[scanned_] == '\n' ? Status::kBareLineFeed : Status::kControl;
    if (scanned_ + 1 == window.size()) return Status::kNeedMore;
    if (window[scanned_ + 1] != '\n') return Status::kBareCarriageReturn;
    line = std::string_view(window.data() + position_, scanned_ - position_);
    position_ = scanned_ += 2;
    return Status::kLine;
  }

  /// Offset of the first byte behind the last line taken.
  std::size_t position() const noexcept { return position_; }

 private:
  std::size_t position_ = 0;
  std::size_t scanned_ = 0;  // the line is known to go on up to here
};

/// What is wrong, for the outcomes that refuse.
constexpr const char* explain(LineReader::Status status) noexcept {
  switch (status) {
    case LineReader::Status::kBareLineFeed:
      return "a line feed without a carriage return before it";
    case LineReader::Status::kBareCarriageReturn:
      return "a carriage return without a line feed behind it";
    default:
      return "a control character";
  }
}

}  // namespace evh::http_api
