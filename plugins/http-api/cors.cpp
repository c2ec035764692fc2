#include "cors.h"

#include <algorithm>

#include "evh/error.hpp"
#include "http_syntax.h"

namespace evh::http_api {
namespace {

constexpr std::string_view kSchemeEnd = "://";

// The host and port of an origin; empty when it has none ("null").
std::string_view host_of(std::string_view origin) noexcept {
  const std::size_t scheme_end = origin.find(kSchemeEnd);
  return scheme_end == std::string_view::npos ? std::string_view{} : origin.substr(scheme_end + kSchemeEnd.size());
}

std::string joined(const std::vector<std::string>& words, const char* setting) {
  std::string line;
  for (const std::string& word : words) {
    if (!is_token(word)) throw Error(EVH_INVALID, std::string(setting) + ": '" + word + "' is not an HTTP token");
    line += line.empty() ? word : ", " + word;
  }
  return line;
}

}  // namespace

CorsPolicy::CorsPolicy(const Settings& settings)
    : credentials_(settings.credentials),
      methods_(joined(settings.methods, "cors_allow_methods")),
      headers_(joined(settings.headers, "cors_allow_headers")) {
  for (const std::string& origin : settings.origins) {
    if (origin == "*") {
      any_ = true;
      continue;
    }
    const std::string_view host = host_of(origin);
    if (host.empty() || !is_host(host)) {
      throw Error(EVH_INVALID, "cors_allow_origins: '" + origin +
                                   "' is not an origin; write it as the browser sends it, without a path: "
                                   "https://app.example.org, or * for any");
    }
    origins_.push_back(origin);
  }
  if (any_ && credentials_) {
    throw Error(EVH_INVALID,
                "cors_allow_origins is * and cors_allow_credentials is true: browsers refuse that, and any page could "
                "act as its "
                "visitor. Name the origins, or turn credentials off");
  }
}

CorsPolicy::Verdict CorsPolicy::judge(std::string_view origin, std::string_view host) const noexcept {
  if (origin.empty()) return Verdict::kOwn;
  if (any_) return Verdict::kAllowed;
  if (std::ranges::any_of(origins_,
                          [&](const std::string& allowed) { return equals_ignoring_case(allowed, origin); })) {
    return Verdict::kAllowed;
  }
  return !host.empty() && equals_ignoring_case(host_of(origin), host) ? Verdict::kOwn : Verdict::kRefused;
}

}  // namespace evh::http_api
