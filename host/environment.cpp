#include "environment.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "bounded_file.h"
#include "problem.h"

namespace evh::host {
namespace {

constexpr std::string_view kBlanks = " \t\r";

bool is_blank(char c) {
  return kBlanks.find(c) != std::string_view::npos;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

std::string_view without_leading_blanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  return first == std::string_view::npos ? std::string_view{} : text.substr(first);
}

std::string_view without_trailing_blanks(std::string_view text) {
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

// What a backslash and `c` stand for in double quotes; 0: nothing.
char unescaped(char c) {
  switch (c) {
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case '"':
    case '\\':
    case '$':
      return c;
    default:
      return '\0';
  }
}

// One line of the file.
class Line {
 public:
  Line(std::string_view text, std::string_view file, std::size_t number) : text_(text), file_(file), number_(number) {}

  void read_into(Environment::Variables& variables) const {
    std::string_view rest = without_leading_blanks(text_);
    if (rest.empty() || rest.front() == '#') return;
    constexpr std::string_view kExport = "export";
    if (rest.starts_with(kExport) && rest.size() > kExport.size() && is_blank(rest[kExport.size()])) {
      rest = without_leading_blanks(rest.substr(kExport.size()));
    }
    const std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos) refuse("this line has no '='. Write KEY=VALUE, or # before a comment");
    const std::string_view key = without_trailing_blanks(rest.substr(0, equals));
    if (!is_variable_name(key)) {
      refuse("this line does not begin with a variable's name. Write KEY=VALUE with a KEY of letters, digits and _");
    }
    variables.insert_or_assign(std::string(key), value(rest.substr(equals + 1), key));
  }

 private:
  [[noreturn]] void refuse(std::string_view what) const { throw StartRefused(at(file_, {number_, 0}, what)); }

  [[nodiscard]] std::string value(std::string_view raw, std::string_view key) const {
    const std::string_view text = without_leading_blanks(raw);
    if (!text.empty() && (text.front() == '"' || text.front() == '\'')) return quoted(text, key);
    if (!text.empty() && text.front() == '#' && text.size() < raw.size()) return {};
    std::size_t end = 0;
    while (end < text.size() && !(text[end] == '#' && end > 0 && is_blank(text[end - 1]))) ++end;
    return std::string(without_trailing_blanks(text.substr(0, end)));
  }

  [[nodiscard]] std::string quoted(std::string_view text, std::string_view key) const {
    const char quote = text.front();
    std::string result;
    std::size_t i = 1;
    for (; i < text.size() && text[i] != quote; ++i) {
      if (quote == '"' && text[i] == '\\') {
        const char meant = i + 1 < text.size() ? unescaped(text[i + 1]) : '\0';
        if (meant == '\0') {
          refuse(
              "the value of " + std::string(key) +
              " has a backslash that means nothing. Known are \\n \\r \\t \\\" \\\\ \\$; single quotes take all as it "
              "is");
        }
        result += meant;
        ++i;
        continue;
      }
      result += text[i];
    }
    if (i >= text.size()) {
      refuse("the value of " + std::string(key) + " lacks its closing " + quote + ". Close it on the same line");
    }
    const std::string_view rest = without_leading_blanks(text.substr(i + 1));
    if (!rest.empty() && rest.front() != '#') {
      refuse("the value of " + std::string(key) + " goes on behind its closing " + quote +
             ". Quote all of it, or write # before a comment");
    }
    return result;
  }

  std::string_view text_, file_;
  std::size_t number_;
};

}  // namespace

bool is_variable_name(std::string_view name) {
  return !name.empty() && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

Environment::Variables parse_dot_env(std::string_view text, std::string_view file) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  Environment::Variables variables;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    Line(text.substr(0, end), file, number).read_into(variables);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return variables;
}

Environment Environment::of_process(const std::string& dot_env) {
  Variables variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view pair = *entry;
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    variables.emplace(pair.substr(0, equals), pair.substr(equals + 1));
  }
  try {
    variables.merge(parse_dot_env(read_bounded_file(dot_env), dot_env));
  } catch (const std::system_error& error) {
    if (error.code().value() != ENOENT) {
      throw StartRefused(dot_env + ": cannot be read: " + error.code().message() +
                         ". Make it readable, or move it away");
    }
  }
  return Environment(std::move(variables));
}

std::optional<std::string_view> Environment::find(std::string_view name) const {
  const auto found = variables_.find(name);
  if (found == variables_.end()) return std::nullopt;
  return found->second;
}

}  // namespace evh::host
