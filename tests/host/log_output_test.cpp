// The log as whoever reads standard output gets it, also when nobody reads.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

#include "harness/file_descriptor.h"
#include "host_run.h"

namespace evh::host_test {
namespace {

using system_test::FileDescriptor;

class LogOutput : public HostRun {
 protected:
  // A FIFO that this test holds open at both ends.
  FileDescriptor make_fifo() const {
    EXPECT_EQ(::mkfifo(path_of("fifo").c_str(), 0600), 0);
    return FileDescriptor(::open(path_of("fifo").c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK));
  }

  static void fill(const FileDescriptor& fifo) {
    const std::string block(4096, '\n');
    while (::write(fifo.get(), block.data(), block.size()) > 0) {
    }
  }

  static bool has_thread(pid_t process, std::string_view name) {
    const std::filesystem::path threads = "/proc/" + std::to_string(process) + "/task";
    std::error_code is_gone;
    for (const auto& thread : std::filesystem::directory_iterator(threads, is_gone)) {
      std::string found;
      if (std::getline(std::ifstream(thread.path() / "comm"), found) && found == name) return true;
    }
    return false;
  }

  // All that can be read now.
  static void read_into(std::string& text, const FileDescriptor& fifo) {
    char block[16384];
    for (ssize_t size = 0; (size = ::read(fifo.get(), block, sizeof block)) > 0;) {
      text.append(block, static_cast<std::size_t>(size));
    }
  }
};

TEST_F(LogOutput, HasEveryLineOfManyThreadsWhole) {
  constexpr int kThreads = 8;
  constexpr int kLines = 2000 / kSlowness;
  configure("- {id: it, plugin: flooder, settings: {threads: " + std::to_string(kThreads) +
            ", lines: " + std::to_string(kLines) + "}}\n");
  const Ended ended = run_to_end();
  EXPECT_EQ(ended.exit_code, 0);
  const std::vector<LogLine> lines = lines_of(ended.output, "flood", "it");
  EXPECT_EQ(lines.size(), static_cast<std::size_t>(kThreads) * kLines);
  std::vector<int> next(kThreads);
  for (const LogLine& line : lines) {
    EXPECT_EQ(line.value("line", -1), next.at(line.value("thread", std::size_t{0}))++);
    EXPECT_EQ(line.value("text", ""), "\"quoted\"\n\xC3\xA9\xEF\xBF\xBD");
  }
}

TEST_F(LogOutput, ThatNobodyReadsDoesNotKeepTheProcessFromWorkingNorFromEnding) {
  const FileDescriptor fifo = make_fifo();
  fill(fifo);
  // Much more than is kept.
  configure("- {id: it, plugin: flooder, settings: {threads: 4, lines: 5000}}\n- {id: end, plugin: steady}\n",
            "shutdown_timeout: 5s");
  const auto process = start_in_shell("> fifo");
  const Ended ended = end_of(*process);
  EXPECT_EQ(ended.exit_code, 0) << testing::PrintToString(ended);
}

TEST_F(LogOutput, ThatNobodyReadsDoesNotDelayASignal) {
  const FileDescriptor fifo = make_fifo();
  fill(fifo);
  configure("- {id: it, plugin: steady}\n", "shutdown_timeout: 5s");
  const auto process = start_in_shell("> fifo");
  // Nothing tells from outside when it is ready; too early a signal ends it, too.
  ASSERT_TRUE(eventually([&] {
    process->signal(SIGTERM);
    return !process->is_running();
  }));
  EXPECT_TRUE(process->wait_for_exit(kPatience));
}

TEST_F(LogOutput, SaysHowManyLinesWereDropped) {
  constexpr std::size_t kLines = 20'000;
  constexpr std::size_t kOthers = 30;  // more lines than the host itself writes
  const FileDescriptor fifo = make_fifo();
  fill(fifo);
  configure("- {id: it, plugin: flooder, settings: {threads: 1, lines: " + std::to_string(kLines) +
            ", ends: false}}\n" + "- {id: eye, plugin: inspector}\n");
  const auto process = start_in_shell("> fifo");
  // Too much is written before anybody reads: the second plugin has its thread only when the flood is over.
  ASSERT_TRUE(eventually([&] { return has_thread(process->pid(), "inspector"); }, 3 * kPatience));
  std::string output;
  const auto seen = [&](std::string_view message) {
    read_into(output, fifo);
    output.erase(0, output.find_first_not_of('\n'));
    return lines_of(output, message);
  };
  constexpr std::string_view kDropped = "log lines were dropped: they could not be written";
  ASSERT_TRUE(eventually([&] { return !seen(kDropped).empty(); }));
  process->signal(SIGTERM);
  ASSERT_TRUE(eventually([&] {
    read_into(output, fifo);
    return !process->is_running();
  }));
  std::size_t told = 0;
  for (const LogLine& line : seen(kDropped)) {
    EXPECT_EQ(line.value("level", ""), "warn");
    told += line.value("lines", std::size_t{0});
  }
  EXPECT_GT(told, 0U);
  EXPECT_GE(seen("flood").size() + told, kLines);
  EXPECT_LE(seen("flood").size() + told, kLines + kOthers);
  EXPECT_EQ(seen("stopped").size(), 1U);
}

TEST_F(LogOutput, GoesNowhereWhenItsReaderIsGone) {
  ASSERT_EQ(::mkfifo(path_of("fifo").c_str(), 0600), 0);
  configure("- {id: it, plugin: steady}\n");
  const auto process = start_in_shell("> fifo");
  {
    FileDescriptor reader(::open(path_of("fifo").c_str(), O_RDONLY | O_CLOEXEC));
    char byte = 0;
    ASSERT_EQ(::read(reader.get(), &byte, 1), 1);
  }
  // SIGPIPE must not end it.
  EXPECT_FALSE(process->wait_for_exit(Milliseconds(200)));
  process->signal(SIGTERM);
  EXPECT_EQ(process->wait_for_exit(kPatience), 0);
}

TEST_F(LogOutput, IsNotWrittenIntoAnotherFileWhenStdoutIsClosed) {
  configure("- {id: it, plugin: steady}\n- {id: end, plugin: asks-to-end}\n");
  const auto process = start_in_shell("<&- >&- 2>&-");
  EXPECT_EQ(process->wait_for_exit(kPatience), 0);
  EXPECT_EQ(process->output() + process->errors(), "");
}

TEST_F(LogOutput, LeavesTheNumbersOfClosedStandardStreamsToThem) {
  configure("- {id: it, plugin: steady}\n");
  const auto process = start_in_shell("<&- >&-");
  const std::string descriptors = "/proc/" + std::to_string(process->pid()) + "/fd/";
  std::error_code error;
  const auto target = [&](const char* number) { return std::filesystem::read_symlink(descriptors + number, error); };
  ASSERT_TRUE(eventually([&] { return target("0") == "/dev/null" && target("1") == "/dev/null"; })) << target("1");
  process->signal(SIGTERM);
  EXPECT_TRUE(process->wait_for_exit(kPatience));
}

TEST_F(LogOutput, ThatTheDiskHasNoRoomForDoesNotEndTheProcess) {
  configure("- {id: it, plugin: flooder, settings: {threads: 2, lines: 1000}}\n");
  // In blocks of 512 or 1024 bytes, whichever the shell takes.
  ChildProcess process({.program = "/bin/sh",
                        .arguments = {"-c", "ulimit -f 8; exec '" EVH_PROGRAM "' run --config events.yaml > log"},
                        .working_folder = folder_.path()});
  const Ended ended = end_of(process);
  EXPECT_EQ(ended.exit_code, 0) << testing::PrintToString(ended);
  EXPECT_GT(std::filesystem::file_size(path_of("log")), 0U);
}

TEST_F(LogOutput, LeavesOutLinesBelowTheLevel) {
  configure("- {id: it, plugin: ailing}\n- {id: end, plugin: asks-to-end}\n", "log_level: warn");
  const Ended ended = run_to_end();
  EXPECT_EQ(ended.exit_code, 0);
  const auto lines = log_lines(ended.output);
  ASSERT_EQ(lines.size(), 1U) << ended.output;
  EXPECT_EQ(lines.front().value("msg", ""), "plugin health");
}

}  // namespace
}  // namespace evh::host_test
