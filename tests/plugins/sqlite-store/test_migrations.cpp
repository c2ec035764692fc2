#include "migrations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "database_file.h"
#include "database_view.h"
#include "evh/testkit/temp_folder.h"

namespace evh::sqlite_store::test {
namespace {

using testing::HasSubstr;

constexpr std::array kHistory = {
    Migration{1, "letters", "CREATE TABLE letters (a TEXT) STRICT;"},
    Migration{2, "more", "ALTER TABLE letters ADD COLUMN b TEXT; CREATE INDEX by_b ON letters (b);"},
    Migration{3, "seed", "INSERT INTO letters VALUES ('a', 'b');"},
};

class Migrations : public testing::Test {
 protected:
  Migrations() { DatabaseView(file_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE).run("PRAGMA journal_mode = WAL"); }

  [[nodiscard]] Connection connect() const {
    return Connection(file_, Connection::Access::kWrite, std::chrono::seconds(10));
  }
  static int migrate_to(const Connection& connection, std::size_t version) {
    return migrate(connection, std::span(kHistory).first(version));
  }
  static std::string refusal(const Connection& connection, std::span<const Migration> known = kHistory) {
    try {
      check_owner(connection, known);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), EVH_INVALID);
      return error.what();
    }
    return "";
  }

  const testkit::TempFolder folder_;
  const std::filesystem::path file_ = folder_.path() / "test.db";
};

TEST_F(Migrations, ThatAreBuiltInHaveTheNumbersOfTheirFiles) {
  ASSERT_FALSE(migrations().empty());
  for (std::size_t i = 0; i < migrations().size(); ++i) {
    EXPECT_EQ(migrations()[i].number, static_cast<int>(i) + 1);
    EXPECT_FALSE(migrations()[i].name.empty());
  }
  EXPECT_EQ(migrations()[0].name, "events");
}

TEST_F(Migrations, MakeANewDatabaseOurs) {
  const Connection connection = connect();
  EXPECT_EQ(migrate_to(connection, 3), 3);
  EXPECT_EQ(connection.integer("PRAGMA application_id"), kApplicationId);
  EXPECT_EQ(connection.integer("PRAGMA user_version"), 3);
  EXPECT_EQ(connection.text("SELECT a || b FROM letters"), "ab");
}

TEST_F(Migrations, ApplyOnlyWhatIsMissing) {
  const Connection connection = connect();
  EXPECT_EQ(migrate_to(connection, 1), 1);
  connection.execute("INSERT INTO letters VALUES ('kept')");
  EXPECT_EQ(migrate_to(connection, 3), 2);
  EXPECT_EQ(migrate_to(connection, 3), 0);
  EXPECT_EQ(connection.integer("SELECT count(*) FROM letters WHERE a = 'kept'"), 1);
}

TEST_F(Migrations, ChangeNothingWhenOneFails) {
  const Connection connection = connect();
  migrate_to(connection, 1);
  constexpr std::array kBroken = {kHistory[0], kHistory[1], Migration{3, "broken", "INSERT INTO nowhere VALUES (1);"}};
  try {
    migrate(connection, kBroken);
    ADD_FAILURE() << "it should have failed";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("migration 0003_broken.sql failed, nothing was changed"));
    EXPECT_THAT(error.what(), HasSubstr("nowhere"));
  }
  EXPECT_FALSE(connection.in_transaction());
  EXPECT_EQ(connection.integer("PRAGMA user_version"), 1);
  EXPECT_EQ(connection.integer("SELECT count(*) FROM pragma_table_info('letters')"), 1);
}

TEST_F(Migrations, RefuseANewerSchema) {
  const Connection connection = connect();
  migrate_to(connection, 3);
  EXPECT_THAT(refusal(connection, std::span(kHistory).first(2)),
              HasSubstr("version 3, this release knows versions up to 2: run the newer release"));
  EXPECT_THROW(migrate_to(connection, 2), Error);
  EXPECT_EQ(connection.integer("PRAGMA user_version"), 3);
}

TEST_F(Migrations, RefuseANegativeVersion) {
  const Connection connection = connect();
  migrate_to(connection, 1);
  connection.execute("PRAGMA user_version = -1");
  EXPECT_THAT(refusal(connection), HasSubstr("user_version is -1"));
}

TEST_F(Migrations, RefuseTheDatabaseOfAnotherProgram) {
  const Connection connection = connect();
  connection.execute("PRAGMA application_id = 252006674; PRAGMA user_version = 7");
  EXPECT_THAT(refusal(connection), HasSubstr("another program (application_id 252006674, user_version 7)"));
  EXPECT_THROW(migrate_to(connection, 3), Error);
}

TEST_F(Migrations, RefuseADatabaseWithTablesThatAreNotOurs) {
  const Connection connection = connect();
  connection.execute("CREATE TABLE accounts (a)");
  EXPECT_THAT(refusal(connection), HasSubstr("another program"));
  EXPECT_THROW(migrate_to(connection, 3), Error);
  EXPECT_EQ(connection.integer("SELECT count(*) FROM sqlite_schema"), 1);
}

TEST_F(Migrations, OfManyProcessesAreAppliedOnce) {
  constexpr int kProcesses = 6;
  std::atomic<int> applied = 0;
  {
    std::vector<std::jthread> processes;
    for (int i = 0; i < kProcesses; ++i) {
      processes.emplace_back([&] { applied += prepare_database(folder_.path() / "events.db"); });
    }
  }
  EXPECT_EQ(applied, static_cast<int>(migrations().size()));
}

}  // namespace
}  // namespace evh::sqlite_store::test
