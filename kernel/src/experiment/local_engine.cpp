#include "experiment/local_engine.hpp"

#include "plugin/last_words.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace imbrex::experiment {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int kPollMs = 100;
// What is said of who a run waits for that takes too long.
constexpr std::string_view kTimeLimitText = "a run may not take longer";

[[noreturn]] void fail(const char* what) {
  throw Error(ErrorCode::failed,
              fmt::format("cannot {}: {}", what, std::generic_category().message(errno)));
}

// What a child does: a task for each number that it is sent, and the number back when it is done.
[[noreturn]] void serve(int channel, FunctionRef<void(std::size_t)> run) {
  std::uint64_t task = 0;
  while (::read(channel, &task, sizeof(task)) == sizeof(task)) {
    try {
      run(static_cast<std::size_t>(task));
    } catch (const std::exception& error) {
      std::fprintf(stderr, "imbrex: error: %s\n", error.what());
      ::_exit(1);
    }
    if (::write(channel, &task, sizeof(task)) != sizeof(task)) {
      break;
    }
  }
  ::_exit(0);
}

std::string death_of(int status) {
  if (WIFSIGNALED(status)) {
    return fmt::format("signal {} ({})", WTERMSIG(status), ::strsignal(WTERMSIG(status)));
  }
  return fmt::format("exit code {}", WEXITSTATUS(status));
}

// One child, and what it is working on. Killed and waited for when it goes.
class Worker {
 public:
  explicit Worker(FunctionRef<void(std::size_t)> run) {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
      fail("make a socket for a worker");
    }
    const pid_t parent = ::getpid();
    std::fflush(stdout);  // else both would write it
    process_ = ::fork();
    if (process_ < 0) {
      fail("start a worker");
    }
    if (process_ == 0) {
      testament_.adopt(parent, kTimeLimitText);
      ::dup2(STDERR_FILENO, STDOUT_FILENO);  // what components write there is in no table
      ::close(ends[0]);
      serve(ends[1], run);
    }
    ::close(ends[1]);
    channel_ = ends[0];
  }
  ~Worker() {
    if (process_ > 0) {
      kill_and_wait();
    }
    if (channel_ >= 0) {
      ::close(channel_);
    }
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  int channel() const noexcept { return channel_; }
  bool busy() const noexcept { return task_.has_value(); }
  std::size_t task() const noexcept { return *task_; }

  void give(std::size_t task) {
    const std::uint64_t number = task;
    task_ = task;
    begun_ = Clock::now();
    // A child that is gone is found by its closed channel.
    [[maybe_unused]] const auto sent = ::send(channel_, &number, sizeof(number), MSG_NOSIGNAL);
  }
  bool took_longer_than(double seconds) const {
    return std::chrono::duration<double>(Clock::now() - begun_).count() > seconds;
  }
  // Whether the child said that its task is done; false: it is dead.
  bool hear() {
    std::uint64_t number = 0;
    const bool alive = ::read(channel_, &number, sizeof(number)) == sizeof(number);
    if (alive) {
      task_.reset();
    }
    return alive;
  }
  // Whom a child that takes too long was waiting for.
  std::string last_words() const {
    return text_of(testament_.words_at_time_limit(process_, channel_));
  }
  int kill_and_wait() {
    int status = 0;
    ::kill(process_, SIGKILL);
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
    process_ = -1;
    return status;
  }
  // Of a child whose channel is closed: how it ended.
  std::string wait() {
    int status = 0;
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
    process_ = -1;
    const std::string words = text_of(testament_.words());
    return words.empty() ? death_of(status) : words;
  }

 private:
  static std::string text_of(const plugin::Testament::Words& words) {
    return words.where.empty() ? words.what : words.where + ": " + words.what;
  }

  plugin::Testament testament_;
  pid_t process_ = -1;
  int channel_ = -1;
  std::optional<std::size_t> task_;
  Clock::time_point begun_;
};

}  // namespace

LocalEngine::LocalEngine(const EngineOptions& options, FunctionRef<void(std::size_t)> run)
    : options_(options), run_(run) {}

namespace {

class Shift {
 public:
  Shift(const EngineOptions& options, FunctionRef<void(std::size_t)> run, std::size_t tasks,
        FunctionRef<bool(std::size_t, TaskEnd, const std::string&)> ended)
      : options_(options), run_(run), tasks_(tasks), ended_(ended) {
    const auto wanted = static_cast<std::size_t>(std::max(1, options.workers));
    for (std::size_t i = 0; i < std::min(wanted, tasks); ++i) {
      workers_.push_back(std::make_unique<Worker>(run_));
    }
  }

  void work(FunctionRef<bool()> stop) {
    give_to_idle();
    while (going_on_ && over_ < tasks_ && !stop()) {
      wait_for_news();
      give_to_idle();
    }
  }

 private:
  void give_to_idle() {
    for (auto& worker : workers_) {
      if (going_on_ && next_ < tasks_ && !worker->busy()) {
        worker->give(next_++);
      }
    }
  }

  void wait_for_news() {
    std::vector<pollfd> channels;
    for (const auto& worker : workers_) {
      channels.push_back({worker->busy() ? worker->channel() : -1, POLLIN, 0});
    }
    ::poll(channels.data(), channels.size(), patience_ms());
    for (std::size_t i = 0; i < workers_.size() && going_on_; ++i) {
      if (channels[i].revents != 0) {
        listen(workers_[i]);
      } else if (workers_[i]->busy() && options_.time_limit_s &&
                 workers_[i]->took_longer_than(*options_.time_limit_s)) {
        const std::string words = workers_[i]->last_words();
        workers_[i]->kill_and_wait();
        replace(workers_[i], TaskEnd::timed_out,
                fmt::format("took more than {} s{}{}", *options_.time_limit_s,
                            words.empty() ? "" : "; ", words));
      }
    }
  }

  // A short time limit must not wait for the next look at it.
  int patience_ms() const {
    const double limit_ms = 1000 * options_.time_limit_s.value_or(1);
    return static_cast<int>(std::clamp(limit_ms, 1.0, static_cast<double>(kPollMs)));
  }

  void listen(std::unique_ptr<Worker>& worker) {
    const std::size_t task = worker->task();
    if (worker->hear()) {
      end(task, TaskEnd::ended, {});
    } else {
      replace(worker, TaskEnd::crashed, worker->wait());
    }
  }

  void replace(std::unique_ptr<Worker>& worker, TaskEnd how, const std::string& why) {
    const std::size_t task = worker->task();
    worker = std::make_unique<Worker>(run_);
    end(task, how, why);
  }

  void end(std::size_t task, TaskEnd how, const std::string& why) {
    ++over_;
    going_on_ = ended_(task, how, why);
  }

  const EngineOptions& options_;
  FunctionRef<void(std::size_t)> run_;
  std::size_t tasks_;
  FunctionRef<bool(std::size_t, TaskEnd, const std::string&)> ended_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::size_t next_ = 0;
  std::size_t over_ = 0;
  bool going_on_ = true;
};

}  // namespace

void LocalEngine::run_all(std::size_t tasks,
                          FunctionRef<bool(std::size_t, TaskEnd, const std::string&)> ended,
                          FunctionRef<bool()> stop) {
  Shift(options_, run_, tasks, ended).work(stop);
}

}  // namespace imbrex::experiment
