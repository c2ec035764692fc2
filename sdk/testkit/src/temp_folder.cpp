#include "evh/testkit/temp_folder.h"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

namespace evh::testkit {

TempFolder::TempFolder() {
  std::string name = std::filesystem::temp_directory_path() / "evh-test-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) {
    throw std::filesystem::filesystem_error("cannot make a folder for the test", name,
                                            std::error_code(errno, std::generic_category()));
  }
  path_ = name;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace evh::testkit
