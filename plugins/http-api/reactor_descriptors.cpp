#include "reactor_descriptors.h"

#include <algorithm>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>

namespace evh::http_api {
namespace {

struct Watched {
  int fd;
  std::uint64_t tag;
};

// proc(5): a line "tfd: 5 events: 19 data: ffffffff00000005 ..." for each descriptor that an epoll instance watches.
std::vector<Watched> watched_by(const std::string& epoll_fd) {
  std::vector<Watched> all;
  std::ifstream info("/proc/self/fdinfo/" + epoll_fd);
  for (std::string line; std::getline(info, line);) {
    std::istringstream words(line);
    std::string tfd, events, mask, data;
    Watched one{};
    if (words >> tfd >> one.fd >> events >> mask >> data >> std::hex >> one.tag && tfd == "tfd:") all.push_back(one);
  }
  return all;
}

}  // namespace

std::vector<int> descriptors_of_reactor(int watched) try {
  std::error_code problem;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", problem)) {
    if (std::filesystem::read_symlink(entry.path(), problem) != "anon_inode:[eventpoll]") continue;
    const std::vector<Watched> all = watched_by(entry.path().filename());
    if (std::ranges::find(all, watched, &Watched::fd) == all.end()) continue;
    std::vector<int> own;
    for (const Watched& one : all) {
      if (one.tag == static_cast<std::uint64_t>(one.fd)) own.push_back(one.fd);  // so Pistache tags its own
    }
    return own;
  }
  return {};
} catch (const std::exception&) {
  return {};
}

}  // namespace evh::http_api
