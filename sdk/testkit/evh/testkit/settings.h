// Settings of a plugin under test, as the configuration would have them.
#pragma once

#include <concepts>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace evh::testkit {

// A scalar ("8080", "10s"), or a sequence of scalars for a setting of type list.
class SettingText {
 public:
  template <std::convertible_to<std::string> Text>
  SettingText(const Text& text) : value_(std::string(text)) {}  // texts, std::filesystem::path
  SettingText(std::string_view text) : value_(std::string(text)) {}
  SettingText(std::vector<std::string> items) : value_(std::move(items)) {}

  [[nodiscard]] const std::string* scalar() const noexcept { return std::get_if<std::string>(&value_); }
  [[nodiscard]] const std::vector<std::string>* sequence() const noexcept {
    return std::get_if<std::vector<std::string>>(&value_);
  }

 private:
  std::variant<std::string, std::vector<std::string>> value_;
};

// Settings{{"path", "/tmp/x.db"}, {"queue_events", "10"}}; those that are left out have their defaults.
using Settings = std::map<std::string, SettingText, std::less<>>;

}  // namespace evh::testkit
