#include "database_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "database_view.h"
#include "event_table.h"
#include "evh/testkit/temp_folder.h"
#include "evh/text.hpp"
#include "migrations.h"

namespace evh::sqlite_store::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class DatabaseFile : public testing::Test {
 protected:
  static std::string refusal(const std::filesystem::path& file) {
    try {
      prepare_database(file);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }
  // What prepare_database says in a process that `limit` was called in first: another user, less disk.
  std::string refusal_in_a_process(const std::function<bool()>& limit) const {
    int ends[2];
    if (pipe(ends) != 0) return "no pipe";
    const pid_t child = fork();
    if (child == 0) {
      const std::string said = limit() ? refusal(file_) : "cannot be limited";
      _exit(write(ends[1], said.data(), said.size()) == static_cast<ssize_t>(said.size()) ? 0 : 1);
    }
    close(ends[1]);
    std::string said;
    char buffer[1024];
    for (ssize_t size = 0; (size = read(ends[0], buffer, sizeof buffer)) > 0;) {
      said.append(buffer, static_cast<std::size_t>(size));
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
    return said;
  }
  // Root may do everything: be nobody.
  static bool become_nobody() { return geteuid() != 0 || (setgid(65'534) == 0 && setuid(65'534) == 0); }

  static mode_t mode_of(const std::filesystem::path& path) {
    struct stat found {};
    EXPECT_EQ(stat(path.c_str(), &found), 0) << path;
    return found.st_mode & 0777;
  }
  static std::string content_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  const testkit::TempFolder folder_;
  const std::filesystem::path file_ = folder_.path() / "events.db";
};

TEST_F(DatabaseFile, IsMadeWithItsFoldersForItsOwnerAlone) {
  const auto file = folder_.path() / "a" / "b" / "events.db";
  EXPECT_EQ(prepare_database(file), static_cast<int>(migrations().size()));
  EXPECT_EQ(mode_of(file), 0600U);
  EXPECT_EQ(mode_of(file.parent_path()), 0700U);
  EXPECT_EQ(mode_of(file.parent_path().parent_path()), 0700U);
  EXPECT_EQ(DatabaseView(file).value("PRAGMA journal_mode"), "wal");
  EXPECT_EQ(prepare_database(file), 0) << "a second time there is nothing to do";
}

TEST_F(DatabaseFile, MayBeAnEmptyFile) {
  std::ofstream(file_).flush();
  EXPECT_EQ(prepare_database(file_), static_cast<int>(migrations().size()));
}

TEST_F(DatabaseFile, IsNotAFolder) {
  EXPECT_THAT(refusal(folder_.path()), AllOf(HasSubstr(folder_.path().string()), HasSubstr("is a folder")));
}

TEST_F(DatabaseFile, IsNoOtherFile) {
  std::ofstream(file_) << std::string(10'000, 'x');
  const std::string before = content_of(file_);
  EXPECT_THAT(refusal(file_), AllOf(HasSubstr(file_.string()), HasSubstr("not a database"), HasSubstr("`path`")));
  EXPECT_EQ(content_of(file_), before);
}

TEST_F(DatabaseFile, IsNoOtherProgramsDatabase) {
  DatabaseView(file_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE).run("CREATE TABLE accounts (a)");
  const std::string before = content_of(file_);
  EXPECT_THAT(refusal(file_), HasSubstr("another program"));
  EXPECT_EQ(content_of(file_), before);
}

TEST_F(DatabaseFile, MustNotBeDamaged) {
  prepare_database(file_);
  std::fstream file(file_, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(100);  // behind the header
  file << std::string(3'000, '\xff');
  file.close();
  EXPECT_THAT(refusal(file_), AllOf(HasSubstr(file_.string()), HasSubstr("malformed")));
}

TEST_F(DatabaseFile, MustBeOfNoNewerRelease) {
  prepare_database(file_);
  DatabaseView(file_).run("PRAGMA user_version = 1000");
  EXPECT_THAT(refusal(file_), AllOf(HasSubstr(file_.string()), HasSubstr("newer release")));
}

TEST_F(DatabaseFile, MustBeWritable) {
  prepare_database(file_);
  std::filesystem::permissions(folder_.path(), std::filesystem::perms::all);
  ASSERT_EQ(chmod(file_.c_str(), 0444), 0);
  EXPECT_THAT(refusal_in_a_process(become_nobody), AllOf(HasSubstr(file_.string()), HasSubstr("read-only")));
}

TEST_F(DatabaseFile, NeedsAWritableFolder) {
  prepare_database(file_);
  ASSERT_EQ(chmod(file_.c_str(), 0666), 0);
  ASSERT_EQ(chmod(folder_.path().c_str(), 0555), 0);
  EXPECT_THAT(refusal_in_a_process(become_nobody), AllOf(HasSubstr(file_.string()), HasSubstr("folder")));
}

TEST_F(DatabaseFile, IsNotMadeInAFolderOfOthers) {
  ASSERT_EQ(chmod(folder_.path().c_str(), 0555), 0);
  EXPECT_THAT(refusal_in_a_process(become_nobody),
              AllOf(HasSubstr("cannot create the database " + file_.string()), HasSubstr("Permission denied")));
}

TEST_F(DatabaseFile, IsNotSeenInAFolderOfOthers) {
  prepare_database(file_);
  ASSERT_EQ(chmod(folder_.path().c_str(), 0700), 0);
  EXPECT_THAT(refusal_in_a_process(become_nobody), AllOf(HasSubstr(file_.string()), HasSubstr("Permission denied")));
}

TEST_F(DatabaseFile, IsNotMadeOnAFullDisk) {
  const auto fill_disk = [] {
    const rlimit limit{4'096, 4'096};
    return signal(SIGXFSZ, SIG_IGN) != SIG_ERR && setrlimit(RLIMIT_FSIZE, &limit) == 0;
  };
  EXPECT_THAT(refusal_in_a_process(fill_disk), HasSubstr("cannot use the database " + file_.string()));
  EXPECT_EQ(refusal(file_), "") << "with room again it is made";
}

TEST_F(DatabaseFile, IsNotMadeAnewAfterTheStart) {
  EXPECT_THROW(static_cast<void>(open_for_writing(file_)), Error);
  EXPECT_THROW(static_cast<void>(open_for_reading(file_)), Error);
  EXPECT_THROW(static_cast<void>(open_for_checkpoints(file_)), Error);
  EXPECT_FALSE(std::filesystem::exists(file_));
}

TEST_F(DatabaseFile, OfAnotherProgramIsNotWrittenToAfterTheStartEither) {
  DatabaseView(file_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE).run("CREATE TABLE events (a)");
  EXPECT_THROW(static_cast<void>(open_for_writing(file_)), Error);
}

TEST_F(DatabaseFile, SyncsEachCommit) {
  prepare_database(file_);
  const Connection connection = open_for_writing(file_);
  EXPECT_EQ(connection.integer("PRAGMA synchronous"), 2);
  EXPECT_EQ(connection.integer("PRAGMA wal_autocheckpoint"), 0);
}

TEST_F(DatabaseFile, IsNotChangedByWritingNothing) {
  prepare_database(file_);
  EventTable table(file_);
  const auto version = migrations().size();
  table.write_nothing();
  EXPECT_EQ(table.log_frames(), 1);
  EXPECT_EQ(DatabaseView(file_).value("PRAGMA user_version"), std::to_string(version));
  EXPECT_TRUE(table.checkpoint()) << "all of the log is copied";
}

TEST_F(DatabaseFile, RefusesARowThatBreaksTheContractAndKeepsTheTransaction) {
  prepare_database(file_);
  EventTable table(file_);
  ASSERT_TRUE(table.try_begin());
  const auto insert = [&](std::int64_t user_id, std::string_view action, std::string_view metadata) {
    return table.insert({user_id, str(action), str(metadata), 0}, 1);
  };
  insert(1, "first", "{}");
  const std::string deep = std::string(3'000, '[') + std::string(3'000, ']');
  for (const auto& [user_id, action, metadata] :
       std::initializer_list<std::tuple<int, const char*, std::string>>{{0, "a", "{}"},
                                                                        {-1, "a", "{}"},
                                                                        {1, "", "{}"},
                                                                        {1, "a", "[]"},
                                                                        {1, "a", "1"},
                                                                        {1, "a", "no JSON"},
                                                                        {1, "a", ""},
                                                                        {1, "a", "{} {}"},
                                                                        {1, "a", deep},
                                                                        {1, "a", R"({"x":)" + deep + "}"}}) {
    try {
      insert(user_id, action, metadata);
      ADD_FAILURE() << metadata.substr(0, 20);
    } catch (const DatabaseError& refused) {
      EXPECT_TRUE(table.is_refusal(refused)) << refused.what();
    }
  }
  insert(1, "last", "{}");
  table.commit();
  EXPECT_THAT(DatabaseView(file_).actions(), testing::ElementsAre("first", "last"));
}

}  // namespace
}  // namespace evh::sqlite_store::test
