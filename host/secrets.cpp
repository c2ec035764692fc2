#include "secrets.h"

#include <algorithm>
#include <new>
#include <utility>

namespace evh::host {
namespace {

constexpr std::string_view kMask = "***";

}  // namespace

void Secrets::add(std::string value) {
  if (value.size() < kShortest) return;
  const auto shorter = std::find_if(values_.begin(), values_.end(),
                                    [&](const std::string& other) { return other.size() < value.size(); });
  values_.insert(shorter, std::move(value));
}

bool Secrets::occur_in(std::string_view text) const noexcept {
  return std::any_of(values_.begin(), values_.end(),
                     [text](const std::string& value) { return text.find(value) != std::string_view::npos; });
}

std::string_view Secrets::masked(std::string_view text, std::string& storage) const noexcept {
  if (!occur_in(text)) return text;
  try {
    storage = text;
    for (const std::string& value : values_) {
      for (std::size_t i = storage.find(value); i != std::string::npos; i = storage.find(value, i + kMask.size())) {
        storage.replace(i, value.size(), kMask);
      }
    }
    return storage;
  } catch (const std::bad_alloc&) {
    return kMask;
  }
}

}  // namespace evh::host
