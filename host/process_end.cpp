#include "process_end.h"

#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <thread>

#include "exit_code.h"
#include "printable.h"

namespace evh::host {
namespace {

constexpr std::chrono::milliseconds kPatienceForTheLog{500};

std::atomic<bool> is_reported = false;
std::atomic<Log*> reported_to = nullptr;  // nullptr: stderr

thread_local std::string_view plugin_in_hand;
thread_local std::string_view step_in_hand;

void report(std::string_view what, std::string_view error) {
  const std::string_view culprit = plugin_in_hand;
  if (Log* log = reported_to.load()) {
    log->write_last(culprit, what, {{"step", step_in_hand}, {"error", error}}, kPatienceForTheLog);
    return;
  }
  std::string line = "events-handler: ";
  if (!culprit.empty()) line.append(culprit).append(": ");
  line.append(what);
  if (!error.empty()) line.append(": ").append(error);
  line = printable(line) + "\n";
  static_cast<void>(!::write(STDERR_FILENO, line.data(), line.size()));
}

void at_exit() {
  if (!is_reported.exchange(false)) return;
  report("a plugin called exit(), which only the host may: the process ends without stopping its plugins",
         plugin_in_hand.empty() ? "it was called from a thread of a plugin's own" : "");
  std::_Exit(reported_to.load() == nullptr ? kExitRefused : kExitFailed);
}

void register_at_exit() noexcept {
  static_cast<void>(std::atexit(at_exit));
  static_cast<void>(std::at_quick_exit(at_exit));
}

std::string text_of_current_exception() {
  if (std::current_exception() == nullptr) return "std::terminate was called";
  try {
    throw;
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "an exception that is no std::exception";
  }
}

[[noreturn]] void at_terminate() {
  if (is_reported.exchange(false))
    report("an exception left a thread: the process aborts", text_of_current_exception());
  std::abort();
}

}  // namespace

CallInHand::CallInHand(std::string_view plugin, std::string_view step) noexcept {
  plugin_in_hand = plugin;
  step_in_hand = step;
}

CallInHand::~CallInHand() {
  plugin_in_hand = step_in_hand = {};
}

ProcessEndReport::ProcessEndReport() {
  std::set_terminate(at_terminate);
  register_at_exit();
  is_reported = true;
}

ProcessEndReport::~ProcessEndReport() {
  is_reported = false;
}

ProcessEndReport::ToLog::ToLog(Log& log) noexcept {
  reported_to = &log;
  // Once more: the last that is registered is the first that is called, before the destructors of libraries that were
  // opened in the meantime.
  register_at_exit();
}

ProcessEndReport::ToLog::~ToLog() {
  reported_to = nullptr;
}

void end_within(std::chrono::milliseconds patience) {
  std::thread([patience] {
    std::this_thread::sleep_for(patience);
    constexpr std::string_view kLine =
        "events-handler: a destructor or exit handler of a plugin's library did not finish: the process ends without "
        "waiting for it\n";
    static_cast<void>(!::write(STDERR_FILENO, kLine.data(), kLine.size()));
    std::_Exit(kExitFailed);
  }).detach();
}

}  // namespace evh::host
