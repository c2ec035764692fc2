// Rows of text in aligned columns.
#pragma once

#include <string>
#include <vector>

namespace evh::host {

class TextTable {
 public:
  // `indent` blanks begin each line.
  explicit TextTable(std::size_t indent = 0) : indent_(indent) {}

  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  // Each line ends with a newline; none ends with a blank.
  [[nodiscard]] std::string text() const;

 private:
  std::size_t indent_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace evh::host
