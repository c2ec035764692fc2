// The sink of the log with readers that are slow, absent or gone.
#include "log_sink.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "harness/file_descriptor.h"
#include "harness/patience.h"
#include "log.h"

namespace evh::host {
namespace {

using system_test::Clock;
using system_test::FileDescriptor;
using system_test::kSlowness;
using system_test::Milliseconds;

constexpr std::string_view kDropped = "log lines were dropped: they could not be written";

// A pipe whose reading end does not block; its writing end does, as standard output does.
class LogSinkTest : public testing::TestWithParam<const char*> {
 protected:
  LogSinkTest() {
    ::signal(SIGPIPE, SIG_IGN);
    std::array<int, 2> ends{};
    const bool is_pipe = std::string_view(GetParam()) == "Pipe";
    EXPECT_EQ(
        is_pipe ? ::pipe2(ends.data(), O_CLOEXEC) : ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()),
        0);
    reader_ = FileDescriptor(ends[0]);
    writer_ = FileDescriptor(ends[1]);
    ::fcntl(reader_.get(), F_SETFL, O_NONBLOCK);
  }

  std::unique_ptr<Log> make_log() const { return std::make_unique<Log>(writer_.get(), EVH_LOG_INFO, Secrets()); }

  void read() {
    std::array<char, 65536> block;
    for (ssize_t size = 0; (size = ::read(reader_.get(), block.data(), block.size())) > 0;) {
      text_.append(block.data(), static_cast<std::size_t>(size));
    }
  }

  // All lines that have been read; each is whole.
  std::vector<nlohmann::json> lines() const {
    std::vector<nlohmann::json> lines;
    std::istringstream in(text_);
    for (std::string line; std::getline(in, line);) {
      lines.push_back(nlohmann::json::parse(line, nullptr, false));
      EXPECT_TRUE(lines.back().is_object()) << line;
    }
    return lines;
  }

  FileDescriptor reader_, writer_;
  std::string text_;
};

TEST_P(LogSinkTest, WritesTheFirstLineAfterASilenceAtOnce) {
  const auto log = make_log();
  log->info("p", "one");
  read();
  ASSERT_EQ(lines().size(), 1U);
  EXPECT_EQ(lines().front()["msg"], "one");
}

TEST_P(LogSinkTest, WritesGatheredLinesBeforeLong) {
  const auto log = make_log();
  log->info("p", "one");
  log->info("p", "two");
  ASSERT_TRUE(system_test::eventually([&] {
    read();
    return lines().size() == 2;
  }));
}

TEST_P(LogSinkTest, WritesWarningsAtOnce) {
  const auto log = make_log();
  log->info("p", "one");
  log->info("p", "two");
  log->warn("p", "three");
  read();
  EXPECT_EQ(lines().size(), 3U);
}

TEST_P(LogSinkTest, NeverWaitsForItsReader) {
  const auto log = make_log();
  const std::string text(1000, 'x');
  const auto begin = Clock::now();
  // Three times what is kept.
  for (int i = 0; i < 3000; ++i) log->warn("p", text);
  EXPECT_LT(Clock::now() - begin, Milliseconds(2000) * kSlowness);
}

TEST_P(LogSinkTest, TellsHowManyLinesWereDropped) {
  constexpr std::size_t kLines = 3000;
  auto log = make_log();
  const std::string text(1000, 'x');
  for (std::size_t i = 0; i < kLines; ++i) log->info("p", text);
  std::atomic<bool> is_done = false;
  std::jthread reader([&] {
    while (!is_done) read();
    read();
  });
  // Whatever was kept gets out, and so does the next line.
  log->info("p", "last");
  log.reset();
  is_done = true;
  reader.join();
  std::size_t told = 0;
  std::size_t seen = 0;
  for (const nlohmann::json& line : lines()) {
    if (line["msg"] == kDropped) told += line["lines"].get<std::size_t>();
    if (line["msg"] == text || line["msg"] == "last") ++seen;
  }
  EXPECT_GT(told, 0U);
  EXPECT_EQ(seen + told, kLines + 1);
}

TEST_P(LogSinkTest, KeepsTheLinesOfManyThreadsWhole) {
  constexpr int kThreads = 4;
  constexpr int kLines = 5000 / kSlowness;
  auto log = make_log();
  std::atomic<bool> is_done = false;
  std::jthread reader([&] {
    while (!is_done) read();
    read();
  });
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&log, thread] {
        for (int line = 0; line < kLines; ++line) log->info("p", "m", {{"thread", thread}, {"line", line}});
      });
    }
  }
  log.reset();
  is_done = true;
  reader.join();
  std::vector<int> next(kThreads);
  std::size_t told = 0;
  std::size_t seen = 0;
  for (const nlohmann::json& line : lines()) {
    if (line["msg"] == kDropped) {
      told += line["lines"].get<std::size_t>();
      continue;
    }
    ++seen;
    int& expected = next.at(line["thread"].get<std::size_t>());
    EXPECT_GE(line["line"].get<int>(), expected);
    expected = line["line"].get<int>() + 1;
  }
  EXPECT_EQ(seen + told, std::size_t{kThreads} * kLines);
}

TEST_P(LogSinkTest, GivesUpOnItsReaderAtTheEnd) {
  auto log = make_log();
  const std::string text(1000, 'x');
  for (int i = 0; i < 1000; ++i) log->info("p", text);
  const auto begin = Clock::now();
  log.reset();
  EXPECT_LT(Clock::now() - begin, LogSink::kPatienceAtEnd + Milliseconds(1000) * kSlowness);
}

TEST_P(LogSinkTest, GivesUpOnTheLastLineWhenItsPatienceIsOver) {
  const auto log = make_log();
  const std::string text(1000, 'x');
  for (int i = 0; i < 1000; ++i) log->info("p", text);
  const auto begin = Clock::now();
  log->write_last("p", "the last", {}, Milliseconds(100));
  const auto took = Clock::now() - begin;
  EXPECT_GE(took, Milliseconds(100));
  EXPECT_LT(took, Milliseconds(1100) * kSlowness);
}

TEST_P(LogSinkTest, WritesTheLastLineBehindAllThatWaits) {
  const auto log = make_log();
  log->info("p", "one");
  log->info("p", "two");
  log->write_last("p", "the last", {{"n", 1}}, Milliseconds(1000));
  read();
  ASSERT_EQ(lines().size(), 3U);
  EXPECT_EQ(lines().back()["msg"], "the last");
  EXPECT_EQ(lines().back()["level"], "error");
}

TEST_P(LogSinkTest, GoesOnWithoutAReader) {
  const auto log = make_log();
  reader_.close();
  for (int i = 0; i < 100; ++i) log->warn("p", "nobody hears this");
  log->write_last("p", "nor this", {}, Milliseconds(1000));
}

INSTANTIATE_TEST_SUITE_P(To, LogSinkTest, testing::Values("Pipe", "Socket"),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace evh::host
