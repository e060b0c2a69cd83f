// A program as a process of its own whose output, limits and signals a test chooses.
#pragma once

#include <imbrex/plugin/abi.hpp>

#include <array>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace imbrex::test {

// The thread sanitizer keeps a signal until the program next calls something that it watches. A
// loop, or libc that waits to write, never does.
inline constexpr bool kSignalsArriveAtOnce = std::string_view(IMBREX_ABI_TAG_SANITIZER) != "tsan";
inline constexpr const char* kSignalsWait = "the thread sanitizer keeps signals back";

class SpawnedCommand {
 public:
  enum class Out { nowhere, closed_pipe, full_pipe, full_disk };
  struct Settings {
    Out out = Out::nowhere;
    bool is_err_closed = false;  // else it goes to the file .stderr
    rlim_t largest_file = RLIM_INFINITY;
    bool ignores_hangup = false;
  };

  // `words` with the program first, started in `folder`.
  SpawnedCommand(const std::filesystem::path& folder, const std::vector<std::string>& words,
                 const Settings& settings)
      : process_(fork()) {
    if (process_ < 0) {
      throw std::runtime_error("no process");
    }
    if (process_ == 0) {
      prepare(folder, settings);
      std::vector<char*> arguments;
      for (const std::string& word : words) {
        arguments.push_back(const_cast<char*>(word.c_str()));
      }
      arguments.push_back(nullptr);
      execv(arguments[0], arguments.data());
      _exit(127);
    }
  }
  ~SpawnedCommand() {
    if (process_ > 0) {
      kill(process_, SIGKILL);
      exit_code();
    }
  }
  SpawnedCommand(SpawnedCommand&& other) noexcept
      : process_(std::exchange(other.process_, -1)), code_(other.code_) {}
  SpawnedCommand& operator=(SpawnedCommand&&) = delete;

  void send(int signal) const { kill(process_, signal); }
  // Whether it has said what it does at this signal.
  bool catches(int signal) const {
    std::ifstream status("/proc/" + std::to_string(process_) + "/status");
    std::string word;
    while (status >> word && word != "SigCgt:") {
    }
    std::uint64_t caught = 0;
    status >> std::hex >> caught;
    return (caught >> (signal - 1) & 1) != 0;
  }
  // Waits for its end. Killed by a signal: 128 + the signal, as shells count.
  int exit_code() {
    if (process_ > 0) {
      int status = 0;
      waitpid(process_, &status, 0);
      process_ = -1;
      code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    return code_;
  }

 private:
  static std::array<int, 2> new_pipe() {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) {
      _exit(126);
    }
    return ends;
  }
  static int closed_pipe() {
    const auto ends = new_pipe();
    close(ends[0]);
    return ends[1];
  }
  // The program itself inherits the end that nobody reads.
  static int full_pipe() {
    const int in = new_pipe()[1];
    fcntl(in, F_SETFL, O_NONBLOCK);
    while (write(in, "x", 1) == 1) {
    }
    fcntl(in, F_SETFL, 0);
    return in;
  }
  static int output(Out out) {
    switch (out) {
      case Out::closed_pipe:
        return closed_pipe();
      case Out::full_pipe:
        return full_pipe();
      case Out::full_disk:
        return open("/dev/full", O_WRONLY);
      case Out::nowhere:
        break;
    }
    return open("/dev/null", O_WRONLY);
  }

  static void prepare(const std::filesystem::path& folder, const Settings& settings) {
    const int out = output(settings.out);
    const int err = settings.is_err_closed
                        ? closed_pipe()
                        : open((folder / ".stderr").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    const rlimit largest{settings.largest_file, settings.largest_file};
    const bool is_ready = chdir(folder.c_str()) == 0 && dup2(out, STDOUT_FILENO) >= 0 &&
                          dup2(err, STDERR_FILENO) >= 0 && setrlimit(RLIMIT_FSIZE, &largest) == 0 &&
                          unsetenv("IMBREX_PLUGIN_PATH") == 0;
    for (const int signal : {SIGPIPE, SIGXFSZ, SIGINT, SIGTERM, SIGHUP}) {
      std::signal(signal, signal == SIGHUP && settings.ignores_hangup ? SIG_IGN : SIG_DFL);
    }
    if (!is_ready) {
      _exit(126);
    }
  }

  pid_t process_;
  int code_ = -1;
};

}  // namespace imbrex::test
