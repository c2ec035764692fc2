// Which files the host opens as plugins: those that are libraries and that nobody else can change.
#include <sys/stat.h>
#include <unistd.h>

#include "host_run.h"

namespace evh::host_test {
namespace {

namespace fs = std::filesystem;

class RefusedFile : public HostRun {
 protected:
  RefusedFile() {
    fs::create_directory(path_of("plugins"));
    fs::permissions(path_of("plugins"), fs::perms::owner_all);
    fs::copy_file(HOST_TEST_PLUGINS "/steady.so", file_);
    fs::permissions(file_, fs::perms::owner_all);
  }

  // Named by its path.
  Ended check(const std::string& plugin) const {
    configure("- {id: it, plugin: '" + plugin + "'}\n");
    return run({"check", "--config", kConfig});
  }

  static void allow(const fs::path& path, fs::perms more) { fs::permissions(path, more, fs::perm_options::add); }

  const fs::path file_ = path_of("plugins/steady.so");
};

constexpr const char* kPlace = "events.yaml:5:20: plugin 'it': ";

TEST_F(RefusedFile, IsNoneWhenOnlyItsOwnerMayWriteIt) {
  const Ended ended = check(file_);
  EXPECT_EQ(ended.exit_code, 0) << testing::PrintToString(ended);
}

TEST_F(RefusedFile, ThatItsGroupMayWrite) {
  allow(file_, fs::perms::group_write);
  EXPECT_THAT(check(file_), IsRefusedWith(Line(kPlace, "may be written by others", "chmod go-w " + file_.string())));
}

TEST_F(RefusedFile, ThatAnybodyMayWrite) {
  allow(file_, fs::perms::others_write);
  EXPECT_THAT(check(file_), IsRefusedWith(Line(kPlace, "may be written by others", "chmod go-w " + file_.string())));
}

TEST_F(RefusedFile, InAFolderThatAnybodyMayWrite) {
  allow(file_.parent_path(), fs::perms::others_write);
  EXPECT_THAT(check(file_), IsRefusedWith(Line(kPlace, "the folder", "chmod go-w " + file_.parent_path().string())));
}

TEST_F(RefusedFile, BelowAFolderThatAnybodyMayWrite) {
  allow(folder_.path(), fs::perms::others_write);
  EXPECT_THAT(check(file_), IsRefusedWith(Line(kPlace, "the folder", "chmod go-w " + folder_.path().string())));
}

TEST_F(RefusedFile, IsNoneBelowAStickyFolder) {
  allow(folder_.path(), fs::perms::others_write | fs::perms::sticky_bit);
  EXPECT_EQ(check(file_).exit_code, 0);
}

TEST_F(RefusedFile, BehindALinkInAFolderThatAnybodyMayWrite) {
  fs::create_directory(path_of("links"));
  allow(path_of("links"), fs::perms::others_write);
  fs::create_symlink(file_, path_of("links/steady.so"));
  EXPECT_THAT(check(path_of("links/steady.so")),
              IsRefusedWith(Line(kPlace, "the folder", "chmod go-w " + path_of("links").string())));
}

TEST_F(RefusedFile, IsNoneBehindALinkThatNobodyElseMayChange) {
  fs::create_symlink(file_, path_of("steady-1.2.so"));
  EXPECT_EQ(check(path_of("steady-1.2.so")).exit_code, 0);
}

TEST_F(RefusedFile, OfAnotherUser) {
  constexpr uid_t kStranger = 12345;
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  ASSERT_EQ(::chown(file_.c_str(), kStranger, static_cast<gid_t>(-1)), 0);
  EXPECT_THAT(check(file_), IsRefusedWith(Line(kPlace, "belongs to user 12345", "chown root " + file_.string())));
}

TEST_F(RefusedFile, InAFolderOfAnotherUser) {
  constexpr uid_t kStranger = 12345;
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a folder away";
  ASSERT_EQ(::chown(file_.parent_path().c_str(), kStranger, static_cast<gid_t>(-1)), 0);
  EXPECT_THAT(check(file_), IsRefusedWith(Line(kPlace, "the folder", "belongs to user 12345")));
}

TEST_F(RefusedFile, ThatIsNoLibrary) {
  write("plugins/text.so", "this is no library\n");
  EXPECT_THAT(check(path_of("plugins/text.so")),
              IsRefusedWith(Line(kPlace, "text.so is no library that can be loaded", "Build it for this machine")));
}

TEST_F(RefusedFile, ThatIsAFolder) {
  EXPECT_THAT(check(path_of("plugins")), IsRefusedWith(Line(kPlace, "is no regular file", "Name a shared library")));
}

TEST_F(RefusedFile, ThatIsAFifo) {
  const fs::path fifo = path_of("plugins/fifo.so");
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_THAT(check(fifo), IsRefusedWith(Line(kPlace, "is no regular file")));
}

TEST_F(RefusedFile, ThatIsNotThere) {
  EXPECT_THAT(check(path_of("plugins/absent.so")),
              IsRefusedWith(Line(kPlace, "absent.so cannot be opened: No such file", "Check the path")));
}

TEST_F(RefusedFile, ThatIsALinkToNothing) {
  fs::create_symlink("/nowhere", path_of("plugins/dangling.so"));
  EXPECT_THAT(check(path_of("plugins/dangling.so")), IsRefusedWith(Line(kPlace, "cannot be opened: No such file")));
}

TEST_F(RefusedFile, ThatIsALinkToItself) {
  fs::create_symlink("loop.so", path_of("plugins/loop.so"));
  EXPECT_THAT(check(path_of("plugins/loop.so")), IsRefusedWith(Line(kPlace, "cannot be opened: Too many levels")));
}

TEST_F(RefusedFile, ByARelativePath) {
  EXPECT_THAT(check("plugins/steady.so"), IsRefusedWith(Line(kPlace, "is relative", "such as " + file_.string())));
}

TEST_F(RefusedFile, ByANameThatNoFileHas) {
  EXPECT_THAT(check("stedy"), IsRefusedWith(Line("events.yaml:5:20: plugin 'it': there is no stedy.so in ",
                                                 HOST_TEST_PLUGINS, "did you mean 'steady'?")));
}

TEST_F(RefusedFile, ByANameWithANulInIt) {
  configure("- {id: it, plugin: \"steady.so\\0\"}\n");
  EXPECT_THAT(run({"check", "--config", kConfig}), IsRefusedWith(Line("events.yaml:5:20: plugin holds a NUL")));
}

}  // namespace
}  // namespace evh::host_test
