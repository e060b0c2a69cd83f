#include "result/disk_calls.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace imbrex::result {
namespace {

namespace fs = std::filesystem;

std::atomic<DiskFault> g_fault{nullptr};

std::error_code from_errno(int number) {
  return {number, std::generic_category()};
}

std::error_code injected(std::string_view call) {
  const DiskFault fault = g_fault.load();
  return from_errno(fault == nullptr ? 0 : fault(call));
}

std::error_code last_error() {
  return from_errno(errno);
}

// A file descriptor that is closed in the end.
class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags)
      : number_(open(path.c_str(), flags | O_CLOEXEC, 0666)) {}
  ~Descriptor() {
    if (number_ >= 0) {
      close(number_);
    }
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const noexcept { return number_; }
  // Some network file systems report only here that there was no room.
  std::error_code close_now() {
    const int number = number_;
    number_ = -1;
    return close(number) == 0 ? std::error_code() : last_error();
  }

 private:
  int number_;
};

std::error_code sync(int descriptor) {
  if (fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP || errno == EROFS) {
    return {};
  }
  return last_error();
}

std::error_code sync_path(const fs::path& path, int flags) {
  const Descriptor in(path, O_RDONLY | flags);
  return in.number() >= 0 ? sync(in.number()) : last_error();
}

// Each of them on a thread of its own, as far as the system gives any: all of their time is spent
// waiting for the disk. Errors in the order of `paths`, which ends with the folder of the others.
std::vector<std::error_code> sync_together(const std::vector<fs::path>& paths) {
  constexpr std::size_t kThreads = 16;
  std::vector<std::error_code> errors(paths.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < paths.size(); i = next++) {
      errors[i] = sync_path(paths[i], i + 1 == paths.size() ? O_DIRECTORY : 0);
    }
  };
  std::vector<std::thread> others;
  try {
    while (others.size() + 1 < std::min(kThreads, paths.size())) {
      others.emplace_back(work);
    }
  } catch (const std::system_error&) {
    // Fewer threads do as well.
  }
  work();
  for (std::thread& other : others) {
    other.join();
  }
  return errors;
}

std::error_code write_all(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = write(descriptor, content.data(), content.size());
    if (written < 0 && errno != EINTR) {
      return last_error();
    }
    content.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
  }
  return {};
}

// Not through the C library: older ones have no function for it.
std::error_code rename_with(const fs::path& from, const fs::path& to, unsigned flags) {
  const long result = syscall(SYS_renameat2, AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), flags);
  return result == 0 ? std::error_code() : last_error();
}

}  // namespace

std::error_code make_folder(const fs::path& folder) {
  if (const auto error = injected("make_folder")) {
    return error;
  }
  return mkdir(folder.c_str(), 0777) == 0 ? std::error_code() : last_error();
}

std::error_code make_folders(const fs::path& folder) {
  std::error_code error;
  if (fs::is_directory(folder, error)) {
    return {};
  }
  const fs::path parent = folder.parent_path();
  if (!parent.empty() && parent != folder) {
    if ((error = make_folders(parent))) {
      return error;
    }
  }
  error = make_folder(folder);
  std::error_code ignored;
  if (error == std::errc::file_exists && fs::is_directory(folder, ignored)) {
    return {};  // somebody else made it meanwhile
  }
  return error ? error : sync_folder(parent.empty() ? fs::path(".") : parent);
}

std::error_code write_new_file(const fs::path& file, std::string_view content) {
  if (const auto error = injected("write_new_file")) {
    return error;
  }
  Descriptor out(file, O_WRONLY | O_CREAT | O_EXCL);
  if (out.number() < 0) {
    return last_error();
  }
  if (const auto error = write_all(out.number(), content)) {
    return error;
  }
  // Only a hint, so that `sync_files` finds most of the work done.
  sync_file_range(out.number(), 0, 0, SYNC_FILE_RANGE_WRITE);
  return out.close_now();
}

std::error_code sync_files(const fs::path& folder,
                           const std::set<std::string, std::less<>>& names) {
  if (const auto error = injected("sync_files")) {
    return error;
  }
  std::vector<fs::path> paths;
  for (const std::string& name : names) {
    paths.push_back(folder / name);
  }
  paths.push_back(folder);
  for (const std::error_code& error : sync_together(paths)) {
    if (error) {
      return error;
    }
  }
  return {};
}

std::error_code sync_folder(const fs::path& folder) {
  if (const auto error = injected("sync_folder")) {
    return error;
  }
  const Descriptor in(folder, O_RDONLY | O_DIRECTORY);
  if (in.number() >= 0) {
    return sync(in.number());
  }
  return errno == EACCES ? std::error_code() : last_error();  // one may write there but not read
}

std::error_code rename_to_new(const fs::path& from, const fs::path& to) {
  auto error = injected("rename_to_new");
  if (!error) {
    error = rename_with(from, to, RENAME_NOREPLACE);
  }
  if (!cannot_exchange(error)) {
    return error;
  }
  // A plain rename replaces empty folders, never others: at worst somebody's empty one is lost.
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(to, ignored))) {
    return from_errno(EEXIST);
  }
  if ((error = injected("plain_rename"))) {
    return error;
  }
  if (std::rename(from.c_str(), to.c_str()) == 0) {
    return {};
  }
  return from_errno(errno == ENOTEMPTY || errno == ENOTDIR ? EEXIST : errno);
}

std::error_code exchange(const fs::path& one, const fs::path& other) {
  if (const auto error = injected("exchange")) {
    return error;
  }
  return rename_with(one, other, RENAME_EXCHANGE);
}

bool cannot_exchange(const std::error_code& error) noexcept {
  return error == std::errc::invalid_argument || error == std::errc::function_not_supported ||
         error == std::errc::not_supported || error == std::errc::operation_not_supported;
}

void remove_whole(const fs::path& folder) {
  if (injected("remove_whole")) {
    return;
  }
  std::error_code ignored;
  fs::remove_all(folder, ignored);
}

void inject_disk_faults(DiskFault fault) noexcept {
  g_fault = fault;
}

}  // namespace imbrex::result
