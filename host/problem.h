// What is found wrong before anything has started. It ends the program with exit code 2.
#pragma once

#include <cstddef>
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace evh::host {

// A place in a text file, counted from 1. Line 0 is the file as a whole, column 0 the line as a whole.
struct Place {
  std::size_t line = 0;
  std::size_t column = 0;
};

// "config/x.yaml:12:5: what", the form that editors and terminals can jump to.
[[nodiscard]] std::string at(std::string_view file, Place place, std::string_view what);

// One line each: where, what is wrong, what to do.
class StartRefused : public std::exception {
 public:
  explicit StartRefused(std::string problem) { problems_.push_back(std::move(problem)); }
  explicit StartRefused(std::vector<std::string> problems) : problems_(std::move(problems)) {}
  [[nodiscard]] const std::vector<std::string>& problems() const noexcept { return problems_; }
  [[nodiscard]] const char* what() const noexcept override { return problems_.front().c_str(); }

 private:
  std::vector<std::string> problems_;  // never empty
};

// Something that the start goes on with, but that an operator should know.
struct Warning {
  std::string message;
  std::string plugin;    // id in the configuration; empty: the host
  std::string setting;   // empty: of none
  std::string variable;  // of the environment; empty: of none
};

}  // namespace evh::host
