#include "harness/http_response.h"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace evh::system_test {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

void parse_status_line(std::string_view line, HttpResponse& out) {
  constexpr std::size_t kFixed = std::string_view("HTTP/1.1 200 ").size();
  const bool well_formed = line.size() >= kFixed && line.starts_with("HTTP/1.") && is_digit(line[7]) &&
                           line[8] == ' ' && is_digit(line[9]) && is_digit(line[10]) && is_digit(line[11]) &&
                           line[12] == ' ';
  if (!well_formed) throw std::runtime_error("not a status line: " + std::string(line));
  out.minor_version = line[7] - '0';
  out.status = std::stoi(std::string(line.substr(9, 3)));
  out.reason = line.substr(kFixed);
}

}  // namespace

std::string HttpResponse::header(std::string_view name) const {
  std::string found;
  bool first = true;
  for (const auto& [other, value] : headers) {
    if (lower(other) != lower(name)) continue;
    if (!first) found += " | ";
    found += value;
    first = false;
  }
  return found;
}

bool HttpResponse::has_header(std::string_view name) const {
  return std::any_of(headers.begin(), headers.end(),
                     [&](const auto& header) { return lower(header.first) == lower(name); });
}

std::vector<std::string> list_of(std::string_view header_value) {
  std::vector<std::string> values;
  while (!header_value.empty()) {
    const std::size_t comma = std::min(header_value.find(','), header_value.size());
    values.push_back(lower(trimmed(header_value.substr(0, comma))));
    header_value.remove_prefix(std::min(comma + 1, header_value.size()));
  }
  return values;
}

HttpResponse parse_response_head(std::string_view head) {
  HttpResponse response;
  bool first = true;
  while (!head.empty()) {
    const std::size_t end = head.find("\r\n");
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(end == std::string_view::npos ? head.size() : end + 2);
    if (line.find_first_of("\r\n") != std::string_view::npos || line.find('\0') != std::string_view::npos) {
      throw std::runtime_error("a control character in the head: " + std::string(line));
    }
    if (std::exchange(first, false)) {
      parse_status_line(line, response);
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0 || line.find_first_of(" \t") < colon) {
      throw std::runtime_error("not a header: " + std::string(line));
    }
    response.headers.emplace_back(line.substr(0, colon), trimmed(line.substr(colon + 1)));
  }
  return response;
}

void PrintTo(const HttpResponse& response, std::ostream* out) {
  constexpr std::size_t kShown = 2000;
  *out << "\nHTTP/1." << response.minor_version << ' ' << response.status << ' ' << response.reason << '\n';
  for (const auto& [name, value] : response.headers) *out << name << ": " << value << '\n';
  *out << '\n' << response.body.substr(0, kShown);
  if (response.body.size() > kShown) *out << "... (" << response.body.size() << " bytes)";
}

std::string error_json(std::string_view error, std::string_view details) {
  return R"({"error":)" + nlohmann::json(error).dump() + R"(,"details":)" + nlohmann::json(details).dump() + "}";
}

}  // namespace evh::system_test
