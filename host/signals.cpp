#include "signals.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <system_error>

namespace evh::host {
namespace {

constexpr std::chrono::milliseconds kPatienceForTheLog{200};
constexpr int kSignalExit = 128;  // what a shell adds to the number of the signal that ended a process

sigset_t ending_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

int checked(int descriptor, const char* what) {
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), what);
  return descriptor;
}

std::string name_of(std::uint32_t signal) {
  return signal == SIGTERM ? "SIGTERM" : "SIGINT";
}

}  // namespace

void block_signals() {
  const sigset_t signals = ending_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, nullptr);
  sigaction(SIGXFSZ, &ignore, nullptr);
}

SignalWatcher::SignalWatcher(ShutdownRequest& shutdown)
    : shutdown_(shutdown),
      signals_([] {
        const sigset_t signals = ending_signals();
        return checked(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK), "signalfd");
      }()),
      stop_(checked(::eventfd(0, EFD_CLOEXEC), "eventfd")),
      watcher_([this] { watch(); }) {}

SignalWatcher::~SignalWatcher() {
  const std::uint64_t one = 1;
  static_cast<void>(!::write(stop_, &one, sizeof one));
  watcher_.join();
  ::close(signals_);
  ::close(stop_);
  const sigset_t signals = ending_signals();
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

void SignalWatcher::watch() {
  bool has_come = false;
  while (true) {
    pollfd sources[] = {{signals_, POLLIN, 0}, {stop_, POLLIN, 0}};
    if (::poll(sources, 2, -1) < 0) continue;
    if (sources[1].revents != 0) return;
    signalfd_siginfo signal{};
    if (::read(signals_, &signal, sizeof signal) != static_cast<ssize_t>(sizeof signal)) continue;
    Log* const log = log_.load();
    if (log != nullptr && has_come) {
      log->write_last({}, "a second signal ends the process at once", {{"signal", name_of(signal.ssi_signo)}},
                      kPatienceForTheLog);
    }
    if (log == nullptr || has_come) std::_Exit(kSignalExit + static_cast<int>(signal.ssi_signo));
    has_come = true;
    shutdown_.make(name_of(signal.ssi_signo));
  }
}

}  // namespace evh::host
