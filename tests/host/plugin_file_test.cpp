// How a plugin's file is found. What files are refused is tested with the program, in refused_file_test.cpp.
#include "plugin_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "evh/testkit/temp_folder.h"

namespace evh::host {
namespace {

namespace fs = std::filesystem;

class PluginFile : public testing::Test {
 protected:
  PluginFile() {
    for (const char* name : {"a/one.so", "b/one.so", "b/two.so", "b/three.txt"}) {
      fs::create_directories((folder_.path() / name).parent_path());
      std::ofstream(folder_.path() / name) << "x";
    }
  }
  std::string problem_of(const std::string& plugin) const {
    try {
      return find_plugin(plugin, folders_);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
  }
  const testkit::TempFolder folder_;
  const std::vector<fs::path> folders_{folder_.path() / "absent", folder_.path() / "a", folder_.path() / "b"};
};

TEST_F(PluginFile, IsTheOneInTheFirstFolderThatHasIt) {
  EXPECT_EQ(find_plugin("one", folders_), folder_.path() / "a/one.so");
  EXPECT_EQ(find_plugin("two", folders_), folder_.path() / "b/two.so");
}

TEST_F(PluginFile, IsTakenFromAnAbsolutePathAsItIs) {
  EXPECT_EQ(find_plugin("/x/../y/z.so", folders_), "/y/z.so");
}

TEST_F(PluginFile, IsNotTakenFromARelativePath) {
  for (const char* path : {"./one.so", "../one", "a/one.so"}) {
    EXPECT_THAT(problem_of(path), testing::HasSubstr("is relative. Write a plain name, or an absolute path")) << path;
  }
}

TEST_F(PluginFile, ThatIsNowhereIsAnsweredWithWhatIsThere) {
  EXPECT_THAT(problem_of("tow"), testing::HasSubstr("did you mean 'two'?"));
  EXPECT_THAT(problem_of("something"), testing::HasSubstr("known are: one, two"));
}

TEST_F(PluginFile, FoldersAreAbsoluteAndEndWithTheOneOfTheProgram) {
  const std::vector<std::string> configured{"mine", "/theirs/../ours"};
  const std::vector<fs::path> folders = plugin_folders(configured);
  ASSERT_EQ(folders.size(), 3U);
  EXPECT_EQ(folders[0], fs::current_path() / "mine");
  EXPECT_EQ(folders[1], "/ours");
  EXPECT_THAT(folders[2].string(), testing::EndsWith("/lib/events-handler/plugins"));
}

TEST_F(PluginFile, IsTheRealOneBehindLinks) {
  fs::permissions(folder_.path() / "b/two.so", fs::perms::owner_read);
  fs::create_symlink("two.so", folder_.path() / "b/link.so");
  EXPECT_EQ(require_safe(folder_.path() / "b/link.so"), fs::canonical(folder_.path() / "b/two.so"));
}

}  // namespace
}  // namespace evh::host
