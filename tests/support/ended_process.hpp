// A process that did something and is no more.
#pragma once

#include "result/process_identity.hpp"

#include <array>
#include <functional>
#include <stdexcept>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

namespace imbrex::test {

// Forked from this one; `work` may end it in any way, also by a signal.
class EndedProcess {
 public:
  explicit EndedProcess(const std::function<void()>& work) {
    std::array<int, 2> pipe_ends{};
    if (pipe(pipe_ends.data()) != 0 || (process_ = fork()) < 0) {
      throw std::runtime_error("no process");
    }
    if (process_ == 0) {
      const std::string identity = result::this_process();
      const bool told =
          write(pipe_ends[1], identity.data(), identity.size()) == ssize_t(identity.size());
      work();
      _exit(told ? 0 : 1);
    }
    close(pipe_ends[1]);
    std::array<char, 256> text{};
    ssize_t size = 0;
    while ((size = read(pipe_ends[0], text.data(), text.size())) > 0) {
      identity_.append(text.data(), static_cast<std::size_t>(size));
    }
    close(pipe_ends[0]);
    siginfo_t ignored{};
    waitid(P_PID, static_cast<id_t>(process_), &ignored, WEXITED | WNOWAIT);
  }
  ~EndedProcess() { wait(); }
  EndedProcess(const EndedProcess&) = delete;
  EndedProcess& operator=(const EndedProcess&) = delete;

  // What `this_process` said in it.
  const std::string& identity() const { return identity_; }
  // Until then it is a zombie. The status is as waitpid gives it.
  int wait() const {
    if (process_ > 0) {
      waitpid(process_, &status_, 0);
      process_ = -1;
    }
    return status_;
  }

 private:
  mutable pid_t process_ = -1;
  mutable int status_ = -1;
  std::string identity_;
};

}  // namespace imbrex::test
