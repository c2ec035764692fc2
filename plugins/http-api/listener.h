#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "unique_fd.h"

struct sockaddr_storage;

namespace evh::http_api {

/// A listening TCP socket.
class Listener {
 public:
  static constexpr int kBacklog = 4096;  ///< connections not accepted yet; the kernel cuts it to net.core.somaxconn

  /// Throws evh::Error with what to do when the address cannot be had.
  Listener(const std::string& host, std::uint16_t port);

  int fd() const noexcept { return socket_.get(); }
  std::uint16_t port() const noexcept { return port_; }             ///< the one that was chosen, for port 0
  const std::string& address() const noexcept { return address_; }  ///< in text

  struct Accepted {
    UniqueFd fd;
    std::string client_ip;
  };
  enum class Outcome { kAccepted, kNone, kNoDescriptors, kStuck };

  /// One connection, non-blocking. kNoDescriptors: the process has no file descriptor left; the client was told so by a
  /// close. kStuck: not even that was possible, and the client still waits: try again later, not at once.
  Outcome accept(Accepted& accepted);

  /// Refuses new connections from now on; those that wait to be accepted are reset.
  void close() noexcept { socket_.reset(); }

 private:
  Outcome turn_away();

  UniqueFd socket_;
  UniqueFd reserve_;  // given up to accept and close when there is no other left
  std::uint16_t port_ = 0;
  std::string address_;
};

}  // namespace evh::http_api
