#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace evh::http_api {

/// Which pages of other origins may use the API (the Fetch standard's CORS protocol).
class CorsPolicy {
 public:
  struct Settings {
    std::vector<std::string> origins;  ///< "https://app.example.org", or "*" for any
    std::vector<std::string> methods;
    std::vector<std::string> headers;
    bool credentials = false;
  };

  /// Throws evh::Error (EVH_INVALID) for an origin that is none, and for "*" with credentials, which browsers refuse.
  explicit CorsPolicy(const Settings& settings);

  enum class Verdict {
    kOwn,      ///< no Origin, or that of the request's own host: nothing to say
    kAllowed,  ///< the answer carries the CORS headers
    kRefused,  ///< 403, nothing done
  };

  /// `host` is the request's Host, with its port.
  Verdict judge(std::string_view origin, std::string_view host) const noexcept;

  bool any_origin() const noexcept { return any_; }  ///< else answers differ by Origin, and say so with Vary
  bool credentials() const noexcept { return credentials_; }
  const std::string& methods() const noexcept { return methods_; }  ///< "GET, POST"
  const std::string& headers() const noexcept { return headers_; }

 private:
  std::vector<std::string> origins_;
  bool any_ = false;
  bool credentials_;
  std::string methods_, headers_;
};

}  // namespace evh::http_api
