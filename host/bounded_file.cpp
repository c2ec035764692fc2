#include "bounded_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "problem.h"

namespace evh::host {
namespace {

struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

}  // namespace

std::string read_bounded_file(const std::string& path) {
  // O_NONBLOCK: a FIFO must not hold the start up.
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (file.number < 0) throw std::system_error(errno, std::generic_category(), path);
  struct stat status {};
  if (::fstat(file.number, &status) != 0) throw std::system_error(errno, std::generic_category(), path);
  if (!S_ISREG(status.st_mode)) throw StartRefused(path + ": is no regular file; name a text file");

  std::string text;
  while (text.size() <= kLargestFile) {
    char block[16384];
    const ssize_t size = ::read(file.number, block, sizeof block);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) throw std::system_error(errno, std::generic_category(), path);
    if (size == 0) break;
    text.append(block, static_cast<std::size_t>(size));
  }
  if (text.size() > kLargestFile) {
    throw StartRefused(path + ": is larger than 1 MiB; is it the right file?");
  }
  if (text.find('\0') != std::string::npos) throw StartRefused(path + ": holds NUL bytes; save it as UTF-8 text");
  return text;
}

}  // namespace evh::host
