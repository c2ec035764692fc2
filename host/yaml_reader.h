// yaml-cpp's nodes, with the checks that every part of the configuration needs and the place of whatever is wrong.
#pragma once

#include <yaml-cpp/yaml.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "configuration.h"

namespace evh::host {

class YamlReader {
 public:
  // Both are borrowed.
  YamlReader(const std::string& file, const Environment& environment) : file_(file), environment_(environment) {}

  // The one document in `text`, which is borrowed. Throws StartRefused.
  [[nodiscard]] YAML::Node parse(const std::string& text);

  struct Entry {
    std::string key;
    Place place;
    YAML::Node value;
  };

  // All [[noreturn]] or throwing StartRefused. `what` begins the message: "plugins", "the settings of plugin 'http'".
  [[nodiscard]] std::vector<Entry> entries(const YAML::Node& node, const std::string& what);
  [[nodiscard]] std::vector<YAML::Node> items(const YAML::Node& node, const std::string& what);
  [[nodiscard]] Scalar scalar(const YAML::Node& node, const std::string& what);
  [[noreturn]] void refuse(Place place, const std::string& what) const;
  void require_known(const Entry& entry, const std::string& what, std::initializer_list<std::string_view> known) const;

  [[nodiscard]] static Place place_of(const YAML::Mark& mark);

 private:
  void count(const YAML::Node& node);
  void require_closed(const YAML::Node& scalar, const std::string& what) const;

  const std::string& file_;
  const Environment& environment_;
  std::string_view text_;
  std::size_t nodes_ = 0;
};

}  // namespace evh::host
