#include "plugin/stdout_aside.hpp"

#include <array>
#include <cstddef>
#include <cstdio>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace imbrex::plugin {
namespace {

// Who writes a line per candidate must not bury what else there is to read.
constexpr std::int64_t kMostLines = 100;
constexpr std::size_t kLongestLine = 4096;

}  // namespace

StdoutAside::StdoutAside(std::string who, Tell tell)
    : who_(std::move(who)), tell_(std::move(tell)) {
  std::fflush(stdout);
  usual_ = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  file_ = memfd_create("standard output", MFD_CLOEXEC);
  if (usual_ >= 0) {
    dup2(file_ >= 0 ? file_ : STDERR_FILENO, STDOUT_FILENO);
  }
}

StdoutAside::~StdoutAside() {
  const std::lock_guard lock(mutex_);
  std::fflush(stdout);
  if (usual_ >= 0) {
    dup2(usual_, STDOUT_FILENO);
    close(usual_);
  }
  tell_new(true);
  if (told_ > kMostLines) {
    tell_(who_, std::to_string(told_ - kMostLines) + " more lines are left out");
  }
  if (file_ >= 0) {
    close(file_);
  }
}

std::string StdoutAside::hand_to(std::string who) {
  const std::lock_guard lock(mutex_);
  std::fflush(stdout);
  tell_new(true);
  return std::exchange(who_, std::move(who));
}

void StdoutAside::tell_lines() {
  const std::lock_guard lock(mutex_);
  tell_new(false);
}

// Of what is left of a line that is too long, pieces are told: memory must not grow with it.
void StdoutAside::tell_new(bool also_unfinished) {
  std::array<char, kLongestLine> bytes;
  const std::int64_t begin = read_;
  ssize_t size = 0;
  while (file_ >= 0 && (size = pread(file_, bytes.data(), bytes.size(), read_)) > 0) {
    read_ += size;
    std::string_view text(bytes.data(), static_cast<std::size_t>(size));
    for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
      tell_line(unfinished_ + std::string(text.substr(0, end)));
      unfinished_.clear();
      text.remove_prefix(end + 1);
    }
    unfinished_ += text;
    if (unfinished_.size() > kLongestLine) {
      tell_line(std::exchange(unfinished_, {}));
    }
  }
  if (read_ > begin) {  // what was told takes no more memory
    fallocate(file_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, read_);
  }
  if (also_unfinished && !unfinished_.empty()) {
    tell_line(std::exchange(unfinished_, {}));
  }
}

void StdoutAside::tell_line(std::string_view line) {
  if (told_++ < kMostLines) {
    tell_(who_, line);
  }
}

}  // namespace imbrex::plugin
