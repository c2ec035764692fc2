#include "disk_room.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <exception>

namespace evh::sqlite_store {

// A nameless file in the same folder stands in for it, and vanishes with its descriptor.
bool can_grow(const std::filesystem::path& file, std::size_t size, std::size_t more) noexcept {
  int descriptor = -1;
  try {
    descriptor = open(file.parent_path().c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
  } catch (const std::exception&) {
    return true;
  }
  if (descriptor < 0) return errno != ENOSPC && errno != EDQUOT;
  const int result = fallocate(descriptor, 0, static_cast<off_t>(size), static_cast<off_t>(more));
  const int error = result == 0 ? 0 : errno;
  close(descriptor);
  return error != ENOSPC && error != EDQUOT && error != EFBIG;
}

}  // namespace evh::sqlite_store
