#include "result/result_place.hpp"

#include "result/disk_calls.hpp"
#include "result/process_identity.hpp"

#include <algorithm>
#include <atomic>
#include <functional>

#include <fmt/format.h>
#include <sys/stat.h>

namespace imbrex::result {
namespace {

namespace fs = std::filesystem;

fs::path normalised(const fs::path& target) {
  fs::path path = fs::absolute(target).lexically_normal();
  return path.has_filename() ? path : path.parent_path();
}

// Leaves room for the rest of a hidden name where names have at most 255 bytes.
constexpr std::size_t kLongest = 150;

std::string shortened(const std::string& name) {
  return name.size() <= kLongest
             ? name
             : fmt::format("{}~{:x}", name.substr(0, kLongest), std::hash<std::string>{}(name));
}

fs::file_time_type written_at(const fs::path& folder) {
  std::error_code error;
  const auto time = fs::last_write_time(folder, error);
  return error ? fs::file_time_type::min() : time;
}

}  // namespace

ResultPlace::ResultPlace(const fs::path& target) : target_(normalised(target)) {}

std::optional<std::pair<std::uint64_t, std::uint64_t>> ResultPlace::inode() const {
  struct stat found {};
  if (lstat(target_.c_str(), &found) != 0) {
    return std::nullopt;
  }
  return std::pair<std::uint64_t, std::uint64_t>(found.st_dev, found.st_ino);
}

// Another process may replace the folder while it is looked at: no is only said of one that stayed.
bool ResultPlace::is_replaceable() const {
  for (;;) {
    const auto before = inode();
    std::error_code ignored;
    if (!before ||
        (fs::is_directory(target_, ignored) &&
         (fs::is_empty(target_, ignored) || fs::exists(target_ / "plan.toml", ignored)))) {
      return true;
    }
    if (inode() == before) {
      return false;
    }
  }
}

std::string_view ResultPlace::name_of(Purpose purpose) {
  constexpr std::string_view kNames[] = {"partial", "replaced", "removed"};
  return kNames[static_cast<std::size_t>(purpose)];
}

std::string ResultPlace::prefix(Purpose purpose) const {
  return fmt::format(".{}.{}-", shortened(target_.filename().string()), name_of(purpose));
}

// Siblings, so that renaming stays within one file system; numbered, so that no two are the same.
fs::path ResultPlace::hidden(Purpose purpose) const {
  static std::atomic<unsigned> number{0};
  return parent() / fmt::format("{}{}.{}", prefix(purpose), this_process(), number++);
}

std::error_code ResultPlace::open_staging(fs::path& staging) const {
  if (const auto error = make_folders(parent())) {
    return error;
  }
  staging = hidden(Purpose::partial);
  return make_folder(staging);
}

std::error_code ResultPlace::fill(const fs::path& staging) const {
  return rename_to_new(staging, target_);
}

std::error_code ResultPlace::replace(const fs::path& staging, fs::path& outdated) const {
  const auto error = exchange(staging, target_);
  if (cannot_exchange(error)) {
    return replace_in_two_steps(staging, outdated);
  }
  if (!error) {
    outdated = staging;
  }
  return error;
}

// A process that dies between the two leaves the place empty until the next one calls recover().
std::error_code ResultPlace::replace_in_two_steps(const fs::path& staging,
                                                  fs::path& outdated) const {
  const fs::path aside = hidden(Purpose::replaced);
  if (const auto error = rename_to_new(target_, aside)) {
    return error;
  }
  const auto error = fill(staging);
  if (!error) {
    outdated = aside;
  } else if (rename_to_new(aside, target_) == std::errc::file_exists) {
    discard(aside);  // what another process put there is newer
  }
  return error;
}

// A folder that is half removed must not come back as a result, and of two processes that remove
// the same one only one gets it.
void ResultPlace::discard(const fs::path& folder) const {
  std::error_code error;
  do {  // each name is another one
    const fs::path condemned = hidden(Purpose::removed);
    error = rename_to_new(folder, condemned);
    if (!error) {
      remove_whole(condemned);
    }
  } while (error == std::errc::file_exists);
}

bool ResultPlace::remove_if(FunctionRef<bool(const fs::path&)> expendable) const {
  // Aside, so that it comes back when this process dies now.
  const fs::path aside = hidden(Purpose::replaced);
  if (rename_to_new(target_, aside)) {
    return false;
  }
  const bool is_expendable = expendable(aside);
  if (is_expendable || rename_to_new(aside, target_) == std::errc::file_exists) {
    discard(aside);  // also when a newer one has come meanwhile
  }
  return is_expendable;
}

std::vector<ResultPlace::Leftover> ResultPlace::leftovers(const fs::path& parent) {
  std::vector<Leftover> found;
  std::error_code error;
  for (fs::directory_iterator at(parent, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    for (const Purpose purpose : {Purpose::partial, Purpose::replaced, Purpose::removed}) {
      const std::string mark = fmt::format(".{}-", name_of(purpose));
      const std::size_t end_of_name = name.rfind(mark);
      if (!name.starts_with('.') || end_of_name == std::string::npos || end_of_name < 2) {
        continue;
      }
      // Only a run into the place of a long name knows which result belongs there.
      const bool is_known = purpose != Purpose::replaced || end_of_name - 1 <= kLongest;
      const std::string_view owner = std::string_view(name).substr(end_of_name + mark.size());
      if (is_known && is_dead(owner.substr(0, owner.rfind('.')))) {
        found.push_back(
            {at->path(), parent / name.substr(1, end_of_name - 1), purpose == Purpose::replaced});
      }
    }
  }
  std::sort(found.begin(), found.end(),
            [](const Leftover& one, const Leftover& other) { return one.folder < other.folder; });
  return found;
}

std::vector<fs::path> ResultPlace::abandoned(Purpose purpose) const {
  std::vector<fs::path> found;
  const std::string start = prefix(purpose);
  std::error_code error;
  for (fs::directory_iterator at(parent(), error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (name.starts_with(start) &&
        is_dead(std::string_view(name).substr(start.size(), name.rfind('.') - start.size()))) {
      found.push_back(at->path());
    }
  }
  return found;
}

void ResultPlace::recover() const {
  std::vector<fs::path> aside = abandoned(Purpose::replaced);
  std::sort(aside.begin(), aside.end(), [](const fs::path& one, const fs::path& other) {
    return written_at(one) > written_at(other);
  });
  for (const fs::path& folder : aside) {
    if (rename_to_new(folder, target_) == std::errc::file_exists) {
      discard(folder);
    }
  }
  for (const Purpose purpose : {Purpose::partial, Purpose::removed}) {
    for (const fs::path& folder : abandoned(purpose)) {
      discard(folder);
    }
  }
}

}  // namespace imbrex::result
