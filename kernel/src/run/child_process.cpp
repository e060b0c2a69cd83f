#include "run/child_process.hpp"

#include "plugin/last_words.hpp"
#include "run/byte_stream.hpp"
#include "run/child_side.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace imbrex::run {
namespace {

using Clock = std::chrono::steady_clock;

// How a parent asks its child to stop.
extern "C" void on_stop(int) {
  plugin::HostServices::request_cancel();
}

class Child {
 public:
  Child(plugin::HostServices& services, const std::string& where, const Isolation& limits,
        FunctionRef<std::string()> work)
      : services_(services),
        where_(where),
        limits_(limits),
        time_text_(limits.seconds ? fmt::format("it may take {} s", *limits.seconds)
                                  : std::string("it has no limit")) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
      fail("make a pipe for", errno);
    }
    std::signal(SIGUSR1, on_stop);  // here, because the child may be asked before it has begun
    const pid_t parent = getpid();
    process_ = services.fork_alone();
    if (process_ == 0) {
      testament_.adopt(parent, time_text_);
      serve_as_child(ends[1], where, limits, work);
    }
    const int error = errno;
    close(ends[1]);
    channel_ = ends[0];
    if (process_ < 0) {
      close(channel_);
      fail("start", error);
    }
  }
  ~Child() {
    end(SIGKILL);
    close(channel_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  std::string result() {
    listen();
    if (is_whole()) {
      ByteReader in(bytes_);
      const std::string body = in.take_text();
      return opened(body);
    }
    const int status = end(0);
    const plugin::Testament::Words words = testament_.words();
    if (!words.what.empty()) {
      throw BlamedError(words.where.empty() ? where_ : words.where, words.what);
    }
    throw BlamedError(where_,
                      WIFSIGNALED(status)
                          ? fmt::format("its process was ended by signal {}", WTERMSIG(status))
                          : fmt::format("ended its process with exit code {} before it was "
                                        "done",
                                        WEXITSTATUS(status)));
  }

 private:
  [[noreturn]] void fail(const char* what, int error) const {
    throw Error(ErrorCode::failed, fmt::format("cannot {} a process for {}: {}", what, where_,
                                               std::generic_category().message(error)));
  }

  bool is_whole() const {
    std::uint64_t size = 0;
    if (bytes_.size() < sizeof(size)) {
      return false;
    }
    std::memcpy(&size, bytes_.data(), sizeof(size));
    return bytes_.size() - sizeof(size) >= size;
  }

  // Until the answer is whole or the child is gone.
  void listen() {
    constexpr int kLookMs = 20;
    std::array<char, 1 << 16> part;
    while (!is_whole()) {
      pollfd channel{channel_, POLLIN, 0};
      poll(&channel, 1, kLookMs);
      if (channel.revents != 0) {
        const ssize_t size = read(channel_, part.data(), part.size());
        if (size == 0 || (size < 0 && errno != EINTR)) {
          return;
        }
        bytes_.append(part.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
      }
      keep_in_time();
    }
  }

  void keep_in_time() {
    const auto now = Clock::now();
    if (limits_.seconds && now - begun_ > std::chrono::duration<double>(*limits_.seconds)) {
      const auto words = testament_.words_at_time_limit(process_, channel_);
      throw words.what.empty()
          ? BlamedError(where_, fmt::format("took more than {} s", *limits_.seconds))
          : BlamedError(words.where, words.what);
    }
    if (!services_.is_stop_wanted()) {
      return;
    }
    constexpr std::chrono::seconds kPatience{10};
    if (!asked_at_) {
      asked_at_ = now;
      kill(process_, SIGUSR1);
    } else if (now - *asked_at_ > kPatience) {
      throw CancelledError();
    }
  }

  // Waits for the child, after `signal` where there is one. Returns its status.
  int end(int signal) {
    int status = 0;
    if (process_ > 0) {
      if (signal != 0) {
        kill(process_, signal);
      }
      while (waitpid(process_, &status, 0) < 0 && errno == EINTR) {
      }
      process_ = -1;
    }
    return status;
  }

  std::string opened(std::string_view body) const {
    ByteReader in(body);
    const auto kind = in.take<Answer>();
    std::string text = in.take_text();
    if (in.take<bool>() && kind != Answer::value) {
      text += fmt::format("; --isolate-memory lets it take {} MB more than the run had before",
                          limits_.memory_bytes / 1'000'000);
    }
    switch (kind) {
      case Answer::value:
        return text;
      case Answer::bad_input:
        throw InputError(text);
      case Answer::infeasible:
        throw InfeasibleError(text);
      case Answer::blamed: {
        const std::size_t colon = std::min(text.find(": "), text.size());
        throw BlamedError(text.substr(0, colon), text.substr(std::min(colon + 2, text.size())));
      }
      case Answer::cancelled:
        throw CancelledError();
      case Answer::failed:
        break;
    }
    throw Error(ErrorCode::failed, text);
  }

  const plugin::HostServices& services_;
  const std::string& where_;
  const Isolation& limits_;
  std::string time_text_;
  plugin::Testament testament_;
  pid_t process_ = -1;
  int channel_ = -1;
  std::string bytes_;
  Clock::time_point begun_ = Clock::now();
  std::optional<Clock::time_point> asked_at_;
};

}  // namespace

std::string in_child(plugin::HostServices& services, const std::string& where,
                     const Isolation& limits, FunctionRef<std::string()> work) {
  return Child(services, where, limits, work).result();
}

}  // namespace imbrex::run
