#include "spelling.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

namespace evh::host {
namespace {

constexpr std::size_t kLongestCompared = 64;  // the comparison is quadratic

// Levenshtein's distance: letters to insert, remove or replace.
std::size_t distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < left.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < right.size(); ++j) {
      const std::size_t replaced = diagonal + (left[i] == right[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string_view nearest(std::string_view name, std::span<const std::string_view> known) {
  if (name.size() > kLongestCompared) return {};
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const std::string_view candidate : known) {
    if (candidate.size() > kLongestCompared) continue;
    const std::size_t candidate_distance = distance(name, candidate);
    if (candidate_distance >= best_distance || candidate_distance >= candidate.size()) continue;
    best = candidate;
    best_distance = candidate_distance;
  }
  return best;
}

std::string advise(std::string_view name, std::span<const std::string_view> known) {
  if (known.empty()) return "there are none";
  if (const std::string_view meant = nearest(name, known); !meant.empty()) {
    return "did you mean '" + std::string(meant) + "'?";
  }
  std::string list = "known are: ";
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (i > 0) list += ", ";
    list += known[i];
  }
  return list;
}

}  // namespace evh::host
