#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace evh::http_api {

/// Counts open streams, so that neither one client nor all of them together can take every buffer. A client is an
/// address; of IPv6 its /64 network, all of which one subscriber has. Any thread.
class StreamLimits {
 public:
  StreamLimits(std::size_t total, std::size_t per_client) : total_(total), per_client_(per_client) {}

  /// False: too many are open, in all or from this address.
  [[nodiscard]] bool try_open(std::string_view client) {
    const std::lock_guard lock(mutex_);
    if (open_ >= total_) return false;
    std::size_t& of_client = open_by_client_[key_of(client)];
    if (of_client >= per_client_) return false;
    ++of_client;
    ++open_;
    return true;
  }

  /// Undoes one successful try_open.
  void close(std::string_view client) {
    const std::lock_guard lock(mutex_);
    --open_;
    const auto found = open_by_client_.find(key_of(client));
    if (--found->second == 0) open_by_client_.erase(found);
  }

 private:
  static std::string key_of(std::string_view client) {
    constexpr std::size_t kNetworkBytes = 8;
    std::string key(client);
    in6_addr address{};
    if (::inet_pton(AF_INET6, key.c_str(), &address) != 1) return key;
    return {reinterpret_cast<const char*>(address.s6_addr), kNetworkBytes};
  }

  const std::size_t total_, per_client_;
  std::mutex mutex_;
  std::size_t open_ = 0;
  std::unordered_map<std::string, std::size_t> open_by_client_;
};

}  // namespace evh::http_api
