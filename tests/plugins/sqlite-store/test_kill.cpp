// The process is killed while it appends, again and again, on the same file.
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <thread>

#include "random_seed.h"
#include "store_fixture.h"

namespace evh::sqlite_store::test {
namespace {

#ifdef EVH_SANITIZED
constexpr int kKills = 6;
#else
constexpr int kKills = 25;
#endif

// append_until_killed as a child.
class Appender {
 public:
  Appender(const std::filesystem::path& file, std::int64_t first) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
    const std::string path = file.string();
    const std::string number = std::to_string(first);
    pid_ = fork();
    if (pid_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      dup2(ends[1], STDOUT_FILENO);
      execl(APPEND_UNTIL_KILLED, APPEND_UNTIL_KILLED, path.c_str(), number.c_str(), nullptr);
      _exit(EXIT_FAILURE);
    }
    close(ends[1]);
    output_ = ends[0];
  }
  ~Appender() {
    if (pid_ > 0) kill_and_read();
    close(output_);
  }
  Appender(const Appender&) = delete;
  Appender& operator=(const Appender&) = delete;

  // Until it has told of some.
  void wait_for_the_first() { read_some(); }

  // All that it told before it died.
  std::string kill_and_read() {
    kill(pid_, SIGKILL);
    while (read_some()) {
    }
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    EXPECT_TRUE(WIFSIGNALED(status)) << "it ended by itself: " << status;
    return told_;
  }

 private:
  bool read_some() {
    char buffer[64 * 1024];
    const ssize_t size = read(output_, buffer, sizeof buffer);
    if (size <= 0) return false;
    told_.append(buffer, static_cast<std::size_t>(size));
    return true;
  }

  pid_t pid_ = -1;
  int output_ = -1;
  std::string told_;
};

using Kill = StoreTest;

TEST_F(Kill, LosesNothingThatWasAnswered) {
  std::mt19937_64 random(random_seed());
  std::set<std::string> told;
  for (int i = 0; i < kKills; ++i) {
    Appender appender(file(), 1 + i * 1'000'000);
    // A part of them dies while it starts and recovers what the one before left.
    if (i % 4 != 3) appender.wait_for_the_first();
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 60'000));  // the moment is at random
    std::istringstream lines(appender.kill_and_read());
    for (std::string line; std::getline(lines, line) && !lines.eof();) told.insert("event-" + line);

    if (!std::filesystem::exists(file())) continue;
    const DatabaseView view(file());
    ASSERT_EQ(view.integrity(), "ok");
    if (view.value("SELECT count(*) FROM sqlite_schema") == "0") continue;
    const auto actions = view.actions();
    const std::set<std::string> found(actions.begin(), actions.end());
    ASSERT_EQ(found.size(), actions.size()) << "none is stored twice";
    for (const std::string& action : told) ASSERT_EQ(found.count(action), 1U) << action;
    ASSERT_EQ(view.value("SELECT count(*) FROM events WHERE action <> 'event-' || user_id OR "
                         "length(metadata) <> 8 + user_id * 7919 % 6000"),
              "0")
        << "all are whole";
  }
  EXPECT_GT(told.size(), 100U);
}

TEST_F(Kill, OfOneInstanceDoesNotDisturbAnother) {
  const testkit::LoadedPlugin plugin = start();
  for (int i = 0; i < kKills / 2; ++i) {
    Appender appender(file(), 1 + i * 1'000'000);
    appender.wait_for_the_first();
    const AppendCall& call = begin(plugin, "ours");
    appender.kill_and_read();
    ASSERT_TRUE(call.wait());
    ASSERT_THAT(call.end(), IsStored());
    ASSERT_THAT(append(plugin, "ours"), IsStored());
  }
  EXPECT_EQ(DatabaseView(file()).value("SELECT count(*) FROM events WHERE action = 'ours'"),
            std::to_string(kKills / 2 * 2));
  EXPECT_EQ(DatabaseView(file()).integrity(), "ok");
}

}  // namespace
}  // namespace evh::sqlite_store::test
