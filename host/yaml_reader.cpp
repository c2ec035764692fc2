#include "yaml_reader.h"

#include <yaml-cpp/depthguard.h>

#include <span>
#include <unordered_map>
#include <utility>

#include "spelling.h"

namespace evh::host {
namespace {

// Aliases make a small file describe a huge tree; reading stops here.
constexpr std::size_t kMostNodes = 100'000;

// Never shows the value: it may be a secret in the wrong place.
std::string kind_of(const YAML::Node& node) {
  switch (node.Type()) {
    case YAML::NodeType::Map:
      return "a map";
    case YAML::NodeType::Sequence:
      return "a list";
    case YAML::NodeType::Scalar:
      return "a single value";
    default:
      return "nothing";
  }
}

}  // namespace

Place YamlReader::place_of(const YAML::Mark& mark) {
  if (mark.line < 0) return {};
  return {static_cast<std::size_t>(mark.line) + 1, static_cast<std::size_t>(mark.column) + 1};
}

void YamlReader::refuse(Place place, const std::string& what) const {
  throw StartRefused(at(file_, place, what));
}

YAML::Node YamlReader::parse(const std::string& text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";  // places are counted without it
  text_ = text;
  if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
  try {
    std::vector<YAML::Node> documents = YAML::LoadAll(text);
    if (documents.empty() || documents.front().IsNull()) {
      refuse({}, "is empty. List at least one plugin under 'plugins:'");
    }
    if (documents.size() > 1) {
      refuse(place_of(documents[1].Mark()), "a second document begins. Keep one, without '---' between its parts");
    }
    return documents.front();
  } catch (const YAML::DeepRecursion& error) {
    refuse(place_of(error.mark), "is nested too deeply. Write it with fewer levels");
  } catch (const YAML::Exception& error) {
    refuse(place_of(error.mark), "is no valid YAML: " + error.msg + ". Look at this line and the one before it");
  }
}

void YamlReader::count(const YAML::Node& node) {
  if (++nodes_ > kMostNodes) refuse(place_of(node.Mark()), "holds more than 100000 values. Write it without aliases");
}

// The parser takes the end of the file for a closing quote: of a file that was cut it would take half a value.
void YamlReader::require_closed(const YAML::Node& scalar, const std::string& what) const {
  if (scalar.Mark().pos < 0) return;
  auto i = static_cast<std::size_t>(scalar.Mark().pos);
  if (i >= text_.size() || (text_[i] != '"' && text_[i] != '\'')) return;
  const char quote = text_[i];
  while (++i < text_.size()) {
    const bool is_doubled = quote == '\'' && text_.substr(i, 2) == "''";
    if (is_doubled || (quote == '"' && text_[i] == '\\')) {
      ++i;
    } else if (text_[i] == quote) {
      return;
    }
  }
  refuse(place_of(scalar.Mark()), what + " lacks its closing " + quote + ". Close it");
}

std::vector<YamlReader::Entry> YamlReader::entries(const YAML::Node& node, const std::string& what) {
  if (!node.IsMap()) {
    refuse(place_of(node.Mark()), what + " must be a map of 'name: value', got " + kind_of(node));
  }
  std::vector<Entry> entries;
  std::unordered_map<std::string, std::size_t> lines;
  for (const auto& pair : node) {
    count(pair.first);
    const Place place = place_of(pair.first.Mark());
    if (!pair.first.IsScalar()) refuse(place, what + " has a name that is " + kind_of(pair.first) + ". Write a word");
    Entry entry{pair.first.Scalar(), place, pair.second};
    if (const auto [earlier, is_new] = lines.emplace(entry.key, place.line); !is_new) {
      refuse(place, what + " names '" + entry.key + "' twice, first in line " + std::to_string(earlier->second) +
                        ". Keep one");
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::vector<YAML::Node> YamlReader::items(const YAML::Node& node, const std::string& what) {
  if (!node.IsSequence()) refuse(place_of(node.Mark()), what + " must be a list, got " + kind_of(node));
  std::vector<YAML::Node> items;
  for (const YAML::Node& item : node) {
    count(item);
    items.push_back(item);
  }
  return items;
}

Scalar YamlReader::scalar(const YAML::Node& node, const std::string& what) {
  count(node);
  const Place place = place_of(node.Mark());
  if (node.IsNull()) refuse(place, what + " has no value. Write one (\"\" for an empty text), or leave the name out");
  if (!node.IsScalar()) refuse(place, what + " must be a single value, got " + kind_of(node));
  require_closed(node, what);
  try {
    return Scalar{fill(node.Scalar(), environment_), place};
  } catch (const FillProblem& problem) {
    refuse(place, what + ": " + problem.what);
  }
}

void YamlReader::require_known(const Entry& entry, const std::string& what,
                               std::initializer_list<std::string_view> known) const {
  for (const std::string_view name : known) {
    if (name == entry.key) return;
  }
  refuse(entry.place, what + " has no '" + entry.key + "'; " +
                          advise(entry.key, std::span<const std::string_view>(known.begin(), known.size())));
}

}  // namespace evh::host
