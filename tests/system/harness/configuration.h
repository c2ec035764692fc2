#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace evh::system_test {

/// What a test sets on top of a configuration like config/standalone.yaml: the host, http-api on a free port of
/// 127.0.0.1, and a store in the test's folder. Names and values as written in YAML.
struct Configuration {
  using Settings = std::map<std::string, std::string>;

  Settings host{};
  Settings http{};
  Settings store{};
  std::map<std::string, std::string> environment{};
  std::optional<std::uint64_t> file_size_limit{};  ///< bytes; see Command
};

}  // namespace evh::system_test
