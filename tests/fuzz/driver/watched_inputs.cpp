#include "watched_inputs.hpp"

#include "mutations.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <new>
#include <stdexcept>
#include <thread>

#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace imbrex::fuzz {
namespace {

using Clock = std::chrono::steady_clock;

// What both processes see.
struct Shared {
  std::atomic<std::uint64_t> ended{0};
  std::atomic<std::uint64_t> size{0};
  std::atomic<bool> is_over{false};  // all inputs have been run
  char bytes[Mutations::kMostBytes];
};

class SharedMemory {
 public:
  SharedMemory()
      : place_(mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
                    0)) {
    if (place_ == MAP_FAILED) {
      throw std::runtime_error("no memory to share");
    }
    new (place_) Shared;
  }
  ~SharedMemory() { munmap(place_, sizeof(Shared)); }
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;
  Shared& operator*() const { return *static_cast<Shared*>(place_); }

 private:
  void* place_;
};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kCanLimitMemory = false;
#else
constexpr bool kCanLimitMemory = true;
#endif

void limit_memory(std::uint64_t bytes) {
  if (bytes > 0 && kCanLimitMemory) {
    const rlimit limit{bytes, bytes};
    setrlimit(RLIMIT_AS, &limit);
  }
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
}

// Polls, since whoever sleeps until the other ends does not see that it hangs.
// Returns the status of waitpid, or nothing when the process was killed because of the time.
std::optional<int> wait_for(pid_t child, const Shared& shared, unsigned seconds) {
  std::uint64_t seen = shared.ended.load();
  auto since = Clock::now();
  int status = 0;
  while (waitpid(child, &status, WNOHANG) == 0) {
    if (const std::uint64_t now = shared.ended.load(); now != seen) {
      seen = now;
      since = Clock::now();
    } else if (Clock::now() - since > std::chrono::seconds(seconds)) {
      kill(child, SIGKILL);
      waitpid(child, &status, 0);
      return std::nullopt;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return status;
}

std::string words_of(std::optional<int> status, const Limits& limits) {
  if (!status) {
    return "no end within " + std::to_string(limits.seconds_per_input) + " s";
  }
  if (WIFSIGNALED(*status)) {
    const int number = WTERMSIG(*status);
    return "signal " + std::to_string(number) + " (" + strsignal(number) + ")";
  }
  return "exit code " + std::to_string(WEXITSTATUS(*status));
}

using InputOf = std::function<std::optional<std::string>(std::uint64_t)>;

// An exception that nobody catches ends the process, like everything else that is a finding.
[[noreturn]] void run_all(Shared& shared, const InputOf& input,
                          const std::function<bool(std::uint64_t)>& may_begin,
                          const std::function<void(const std::string&)>& run) noexcept {
  for (std::uint64_t number = 0; may_begin(number); ++number) {
    const std::optional<std::string> text = input(number);
    if (!text) {
      break;
    }
    shared.size = std::min(text->size(), sizeof shared.bytes);
    std::memcpy(shared.bytes, text->data(), shared.size);
    run(*text);
    ++shared.ended;
  }
  shared.is_over = true;
  std::exit(0);  // with the destructors that take temporary folders away
}

}  // namespace

Outcome run_watched(const std::function<std::optional<std::string>(std::uint64_t)>& input,
                    const std::function<bool(std::uint64_t)>& may_begin,
                    const std::function<void(const std::string&)>& run, const Limits& limits) {
  const SharedMemory memory;
  Shared& shared = *memory;
  const pid_t child = fork();
  if (child < 0) {
    throw std::runtime_error("no process to be had");
  }
  if (child == 0) {
    limit_memory(limits.memory_bytes);
    run_all(shared, input, may_begin, run);
  }
  const std::optional<int> status = wait_for(child, shared, limits.seconds_per_input);
  Outcome outcome;
  outcome.inputs = shared.ended;
  if (status != 0 || !shared.is_over) {
    outcome.finding =
        Finding{outcome.inputs, std::string(shared.bytes, shared.size), words_of(status, limits)};
  }
  return outcome;
}

}  // namespace imbrex::fuzz
