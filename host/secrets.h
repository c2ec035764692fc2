// The values that must never be seen: whatever is shown to people loses them first.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace evh::host {

class Secrets {
 public:
  // Shorter values would be found inside ordinary words; they are not looked for.
  static constexpr std::size_t kShortest = 4;

  // [before any other thread reads] Remembers one value.
  void add(std::string value);

  // `text` with "***" in the place of every secret. The result is `text` itself, or `storage`.
  [[nodiscard]] std::string_view masked(std::string_view text, std::string& storage) const noexcept;

 private:
  [[nodiscard]] bool occur_in(std::string_view text) const noexcept;

  std::vector<std::string> values_;  // the longest first, so that none is left in part
};

}  // namespace evh::host
