// A folder for one test.
#pragma once

#include <filesystem>

namespace evh::testkit {

// Empty and nobody else's; removed at the end with all that is in it. Throws std::filesystem::filesystem_error when it
// cannot be made.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace evh::testkit
