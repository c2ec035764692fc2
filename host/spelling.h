// Which known name was meant by an unknown one.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace evh::host {

// The known name that is nearest to `name`, or nothing when none is near: empty view.
[[nodiscard]] std::string_view nearest(std::string_view name, std::span<const std::string_view> known);

// What to say behind an unknown name: "did you mean 'port'?", else "known are: host, port". Never empty.
[[nodiscard]] std::string advise(std::string_view name, std::span<const std::string_view> known);

}  // namespace evh::host
