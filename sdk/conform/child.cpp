#include "child.hpp"

#include <imbrex/plugin/abi.hpp>
#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace imbrex::conform {
namespace {

constexpr std::size_t kMostOutput = 2000;  // bytes that are shown

[[noreturn]] void fail(const char* what) {
  throw Error(ErrorCode::failed, fmt::format("cannot {}: {}", what, std::strerror(errno)));
}

void limit(int resource, rlim_t soft, rlim_t hard) {
  const struct rlimit bounds { soft, hard };
  setrlimit(static_cast<__rlimit_resource_t>(resource), &bounds);
}

void apply(const Limits& limits) {
  const auto seconds = static_cast<rlim_t>(limits.seconds);
  limit(RLIMIT_CPU, seconds, seconds + 1);
  limit(RLIMIT_CORE, 0, 0);
  if (!kSanitized) {  // they reserve terabytes of addresses
    const auto bytes = static_cast<rlim_t>(limits.memory_bytes);
    limit(RLIMIT_AS, bytes, bytes);
  }
}

void write_all(int to, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(to, text.data(), text.size());
    if (written <= 0) {
      return;
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

double seconds_of(const struct rusage& usage) noexcept {
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

Child::Child(FunctionRef<Finding()> body, const Limits& limits)
    : deadline_(std::chrono::steady_clock::now() +
                std::chrono::seconds(limits.seconds * Limits::kPatience)) {
  std::array<int, 2> ends{};
  capture_ = memfd_create("imbrex-conform", MFD_CLOEXEC);
  if (capture_ < 0 || pipe2(ends.data(), O_CLOEXEC) != 0) {
    fail("watch a check");
  }
  pipe_ = ends[0];
  process_ = fork();
  if (process_ < 0) {
    fail("start a process for a check");
  }
  if (process_ == 0) {
    close(ends[0]);
    run(body, limits, ends[1]);
  }
  close(ends[1]);
  fcntl(pipe_, F_SETFL, O_NONBLOCK);
}

Child::~Child() {
  if (!has_ended_) {
    kill(-process_, SIGKILL);
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }
  close(pipe_);
  close(capture_);
}

// The first byte is the status; the process ends without destructors, whose faults would come after
// the answer.
void Child::run(FunctionRef<Finding()> body, const Limits& limits, int to_parent) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  dup2(nothing, STDIN_FILENO);
  dup2(capture_, STDOUT_FILENO);
  dup2(capture_, STDERR_FILENO);
  apply(limits);
  const Finding finding = body();
  write_all(to_parent, std::string(1, static_cast<char>('0' + index(finding.status))));
  write_all(to_parent, finding.text);
  _exit(0);
}

void Child::read_some() {
  std::array<char, 4096> bytes{};
  for (ssize_t count = 1; count > 0;) {
    count = read(pipe_, bytes.data(), bytes.size());
    if (count > 0) {
      answer_.append(bytes.data(), static_cast<std::size_t>(count));
    }
  }
}

bool Child::ended() {
  if (has_ended_) {
    return true;
  }
  read_some();
  struct rusage usage {};
  if (wait4(process_, &status_, WNOHANG, &usage) == process_) {
    has_ended_ = true;
    seconds_ = seconds_of(usage);
    kill(-process_, SIGKILL);  // what it started itself
    read_some();
  } else if (std::chrono::steady_clock::now() > deadline_) {
    too_late_ = true;
    kill(-process_, SIGKILL);
    kill(process_, SIGKILL);
  }
  return has_ended_;
}

std::string Child::output() const {
  const off_t size = lseek(capture_, 0, SEEK_END);
  const off_t from = std::max<off_t>(0, size - static_cast<off_t>(kMostOutput));
  std::string text(static_cast<std::size_t>(std::max<off_t>(0, size - from)), '\0');
  const ssize_t count = pread(capture_, text.data(), text.size(), from);
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(0, count)));
  return printable(text);
}

Outcome Child::outcome() const {
  Outcome outcome;
  outcome.seconds = seconds_;
  outcome.output = output();
  if (!answer_.empty()) {
    outcome.finding = {static_cast<Status>(answer_.front() - '0'), answer_.substr(1)};
  } else if (too_late_ || (WIFSIGNALED(status_) && WTERMSIG(status_) == SIGXCPU)) {
    outcome.finding = {Status::timed_out, "the check did not end in time"};
  } else if (WIFSIGNALED(status_)) {
    outcome.finding = {Status::crashed,
                       fmt::format("signal {} ({}) ended the process", WTERMSIG(status_),
                                   strsignal(WTERMSIG(status_)))};
  } else {
    outcome.finding = {Status::crashed,
                       fmt::format("the process exited with code {} before the check was over; "
                                   "components return or throw, they never exit",
                                   WEXITSTATUS(status_))};
  }
  return outcome;
}

Outcome run_child(FunctionRef<Finding()> body, const Limits& limits) {
  Child child(body, limits);
  while (!child.ended()) {
    pollfd waited{child.descriptor(), POLLIN, 0};
    poll(&waited, 1, 20);
  }
  return child.outcome();
}

}  // namespace imbrex::conform
