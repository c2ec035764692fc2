#include "query_string.h"

#include <utility>

#include "percent_encoding.h"
#include "quote.h"

namespace evh::http_api {
namespace {

ApiError invalid_parameter(std::string details) {
  return {400, "invalid parameter", std::move(details)};
}

std::optional<ApiError> parse_parameter(std::string_view part, QueryParameter& out) {
  const std::size_t equals = part.find('=');
  const std::string_view raw_name = part.substr(0, equals);
  const std::string_view raw_value = equals == std::string_view::npos ? "" : part.substr(equals + 1);

  auto name = decode_form(raw_name);
  if (!name) return invalid_parameter("malformed percent-encoding in the name " + quote_text(raw_name));
  auto value = decode_form(raw_value);
  if (!value) {
    return invalid_parameter("malformed percent-encoding in parameter " + quote_text(*name) + ": " +
                             quote_text(raw_value));
  }
  out.name = std::move(*name);
  out.value = std::move(*value);
  return std::nullopt;
}

}  // namespace

std::optional<ApiError> QueryString::parse(std::string_view raw, QueryString& out) {
  out.parameters_.clear();
  while (!raw.empty()) {
    const std::size_t ampersand = raw.find('&');
    const std::string_view part = raw.substr(0, ampersand);
    raw = ampersand == std::string_view::npos ? "" : raw.substr(ampersand + 1);
    if (part.empty()) continue;
    if (out.parameters_.size() == kMaxParameters) {
      return invalid_parameter("a query has at most " + std::to_string(kMaxParameters) + " parameters, got more");
    }
    if (auto error = parse_parameter(part, out.parameters_.emplace_back())) return error;
  }
  return std::nullopt;
}

std::optional<std::string_view> QueryString::find(std::string_view name) const noexcept {
  for (const QueryParameter& parameter : parameters_) {
    if (parameter.name == name) return parameter.value;
  }
  return std::nullopt;
}

}  // namespace evh::http_api
