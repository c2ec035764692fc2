// The variables that the configuration is filled with: those of the process, then those of a `.env` file.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace evh::host {

class Environment {
 public:
  using Variables = std::map<std::string, std::string, std::less<>>;

  explicit Environment(Variables variables) : variables_(std::move(variables)) {}

  // The process's own, and those of the file at `dot_env` that the process does not have. No file: no more variables.
  // Throws StartRefused when the file is there but cannot be read, or has a malformed line.
  [[nodiscard]] static Environment of_process(const std::string& dot_env);

  // nullopt: not set. A variable set to nothing is an empty text. Borrowed from the environment.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;

 private:
  Variables variables_;
};

// The text of a `.env` file: KEY=VALUE lines, blank lines, # comments, an `export ` before the key. A value in single
// quotes is literal; one in double quotes knows \n \r \t \" \\ \$; one without quotes ends at " #" and loses the blanks
// around it. The last of equal keys wins. Throws StartRefused naming `file` and the line, never a value.
[[nodiscard]] Environment::Variables parse_dot_env(std::string_view text, std::string_view file);

// A letter or _, then letters, digits and _.
[[nodiscard]] bool is_variable_name(std::string_view name);

}  // namespace evh::host
