#include "result/program.hpp"

#include <imbrex/plugin/error.hpp>

#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace imbrex::result {
namespace {

[[noreturn]] void fail(std::string_view program, int error) {
  throw Error(ErrorCode::failed,
              fmt::format("cannot start {}: {}", program, std::generic_category().message(error)));
}

// The end of a pipe that is read; the other one is the output of whatever is started.
class OutputPipe {
 public:
  explicit OutputPipe(std::string_view program) {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) {
      fail(program, errno);
    }
  }
  ~OutputPipe() {
    ::close(ends_[0]);
    close_writer();
  }
  OutputPipe(const OutputPipe&) = delete;
  OutputPipe& operator=(const OutputPipe&) = delete;

  int writer() const noexcept { return ends_[1]; }
  void close_writer() noexcept {
    if (ends_[1] >= 0) {
      ::close(ends_[1]);
      ends_[1] = -1;
    }
  }

  std::string read_all() const {
    std::string text;
    std::array<char, 4096> block;
    for (;;) {
      const ssize_t count = ::read(ends_[0], block.data(), block.size());
      if (count > 0) {
        text.append(block.data(), static_cast<std::size_t>(count));
      } else if (count == 0 || errno != EINTR) {
        return text;
      }
    }
  }

 private:
  std::array<int, 2> ends_{-1, -1};
};

// The error number.
int start(const std::vector<std::string>& words, int output, pid_t& process) {
  std::vector<char*> arguments;
  for (const std::string& word : words) {
    arguments.push_back(const_cast<char*>(word.c_str()));
  }
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
  const int error =
      ::posix_spawnp(&process, arguments[0], &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  return error;
}

int wait_for(pid_t process) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

ProgramOutput run_program(const std::vector<std::string>& words) {
  OutputPipe pipe(words.front());
  pid_t process = 0;
  if (const int error = start(words, pipe.writer(), process)) {
    if (error == ENOENT) {
      return {false, 127, ""};
    }
    fail(words.front(), error);
  }
  pipe.close_writer();
  std::string text = pipe.read_all();
  text.erase(text.find_last_not_of(" \n") + 1);
  return {true, wait_for(process), std::move(text)};
}

}  // namespace imbrex::result
