#include "harness/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" {  // glibc 2.36 declares its functions without C linkage
#include <sys/pidfd.h>
}

#include <array>
#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <system_error>

namespace evh::system_test {
namespace {

struct Pipe {
  FileDescriptor read_end, write_end;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe2");
  return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

std::vector<std::string> environment_of(const Command& command) {
  std::map<std::string, std::string> variables = command.environment;
  for (const char* name : {"PATH", "HOME", "ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name)) variables.emplace(name, value);
  }
  std::vector<std::string> lines;
  for (const auto& [name, value] : variables) lines.push_back(name + "=" + value);
  return lines;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Between fork and exec: nothing that may allocate or lock.
[[noreturn]] void become(char* const* arguments, char* const* environment, const Command& command, int output,
                         int errors) {
  constexpr int kNotStarted = 127;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (command.file_size_limit) {
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit limit{};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = *command.file_size_limit;
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(kNotStarted);
  }
  if (::chdir(command.working_folder.c_str()) != 0) ::_exit(kNotStarted);
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (::dup2(nothing, 0) < 0 || ::dup2(output, 1) < 0 || ::dup2(errors, 2) < 0) ::_exit(kNotStarted);
  ::execve(arguments[0], arguments, environment);
  ::_exit(kNotStarted);
}

}  // namespace

ChildProcess::ChildProcess(const Command& command) {
  if (::access(command.program.c_str(), X_OK) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot run " + command.program.string());
  }
  std::vector<std::string> texts{command.program.string()};
  texts.insert(texts.end(), command.arguments.begin(), command.arguments.end());
  std::vector<std::string> variables = environment_of(command);
  const std::vector<char*> arguments = pointers_to(texts);
  const std::vector<char*> environment = pointers_to(variables);
  Pipe output = make_pipe();
  Pipe errors = make_pipe();

  pid_ = ::fork();
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (pid_ == 0) become(arguments.data(), environment.data(), command, output.write_end.get(), errors.write_end.get());
  process_ = FileDescriptor(::pidfd_open(pid_, 0));
  output_end_ = std::move(output.read_end);
  errors_end_ = std::move(errors.read_end);
  collector_ = std::jthread([this] { collect(); });
}

ChildProcess::~ChildProcess() {
  signal(SIGKILL);
  wait_for_exit(kPatience);
}

void ChildProcess::signal(int number) {
  if (!exit_) ::kill(pid_, number);  // not reaped yet, so the number is still its own
}

std::optional<int> ChildProcess::wait_for_exit(Milliseconds within) {
  if (exit_) return exit_;
  pollfd ended{process_.get(), POLLIN, 0};
  if (::poll(&ended, 1, static_cast<int>(within.count())) <= 0) return std::nullopt;
  int status = 0;
  if (::waitpid(pid_, &status, 0) != pid_) throw std::system_error(errno, std::generic_category(), "waitpid");
  exit_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  if (collector_.joinable()) collector_.join();
  return exit_;
}

std::string ChildProcess::output() const {
  const std::lock_guard lock(mutex_);
  return output_;
}

std::string ChildProcess::errors() const {
  const std::lock_guard lock(mutex_);
  return errors_;
}

void ChildProcess::collect() {
  std::array<pollfd, 2> ends{{{output_end_.get(), POLLIN, 0}, {errors_end_.get(), POLLIN, 0}}};
  std::array<char, 64 * 1024> bytes;
  while (ends[0].fd >= 0 || ends[1].fd >= 0) {
    if (::poll(ends.data(), ends.size(), -1) < 0 && errno != EINTR) return;
    for (pollfd& end : ends) {
      if (end.fd < 0 || end.revents == 0) continue;
      const ssize_t count = ::read(end.fd, bytes.data(), bytes.size());
      if (count <= 0) {
        end.fd = -1;  // poll ignores it from now on
        continue;
      }
      const std::lock_guard lock(mutex_);
      (&end == ends.data() ? output_ : errors_).append(bytes.data(), static_cast<std::size_t>(count));
    }
  }
}

}  // namespace evh::system_test
