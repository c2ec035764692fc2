#include "substitution.h"

#include <utility>

namespace evh::host {
namespace {

struct Reference {
  std::string_view name;
  std::optional<std::string_view> default_text;
  bool default_when_empty = false;
};

// `body` is what stands between ${ and }.
Reference parse_reference(std::string_view body, std::size_t offset) {
  const std::size_t name_size = body.find_first_of(":-");
  Reference reference;
  reference.name = body.substr(0, name_size);
  if (!is_variable_name(reference.name)) {
    throw FillProblem{offset,
                      "'${' is not followed by a variable's name. Write ${NAME} or ${NAME:-default}, or $${ for a "
                      "literal ${"};
  }
  if (name_size == std::string_view::npos) return reference;
  std::string_view rest = body.substr(name_size);
  reference.default_when_empty = rest.front() == ':';
  if (reference.default_when_empty) rest.remove_prefix(1);
  if (rest.empty() || rest.front() != '-') {
    throw FillProblem{offset, "the variable " + std::string(reference.name) + " has a ':' without '-'. Write ${" +
                                  std::string(reference.name) + ":-default}"};
  }
  reference.default_text = rest.substr(1);
  if (reference.default_text->find("${") != std::string_view::npos) {
    throw FillProblem{offset, "the default of ${" + std::string(reference.name) +
                                  "} holds another variable. A default is plain text"};
  }
  return reference;
}

void fill_reference(const Reference& reference, std::size_t offset, const Environment& environment, Filled& filled) {
  const auto value = environment.find(reference.name);
  const bool is_given = value && !(reference.default_when_empty && value->empty());
  if (!is_given && !reference.default_text) {
    const std::string name(reference.name);
    throw FillProblem{offset, "the environment variable " + name + " is not set. Set it, or write a default: ${" +
                                  name + ":-default}"};
  }
  filled.text += is_given ? *value : *reference.default_text;
  if (is_given) filled.variables.emplace_back(reference.name);
  if (!reference.default_text) {
    filled.fallback.reset();
  } else if (filled.fallback) {
    *filled.fallback += *reference.default_text;
  }
}

}  // namespace

Filled fill(std::string_view text, const Environment& environment) {
  Filled filled;
  filled.fallback.emplace();
  const auto append_literal = [&filled](std::string_view literal) {
    filled.text += literal;
    if (filled.fallback) *filled.fallback += literal;
  };
  std::size_t position = 0;
  while (position < text.size()) {
    const std::size_t dollar = text.find('$', position);
    append_literal(text.substr(position, dollar - position));
    if (dollar == std::string_view::npos) break;
    const std::string_view rest = text.substr(dollar);
    if (rest.starts_with("$${")) {
      append_literal("${");
      position = dollar + 3;
      continue;
    }
    if (!rest.starts_with("${")) {
      append_literal("$");
      position = dollar + 1;
      continue;
    }
    const std::size_t close = rest.find('}');
    if (close == std::string_view::npos) {
      throw FillProblem{dollar, "'${' is not closed. Write ${NAME} or ${NAME:-default}, or $${ for a literal ${"};
    }
    fill_reference(parse_reference(rest.substr(2, close - 2), dollar), dollar, environment, filled);
    if (filled.text.size() > kLongestValue) {
      throw FillProblem{dollar, "the value is longer than 1 MiB once the environment is filled in. Shorten it"};
    }
    position = dollar + close + 1;
  }
  return filled;
}

}  // namespace evh::host
