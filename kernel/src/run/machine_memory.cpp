#include "run/machine_memory.hpp"

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>
#include <string_view>

#include <sys/resource.h>

namespace imbrex::run {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kUnlimited = std::numeric_limits<std::int64_t>::max();

// The number that a file begins with; unlimited for "max", numbers beyond 64 bits and no file.
std::int64_t number_in(const fs::path& file) {
  std::ifstream stream(file);
  std::int64_t number = 0;
  return stream >> number && number >= 0 ? number : kUnlimited;
}

std::int64_t physical_memory(const fs::path& root) {
  std::ifstream lines(root / "proc/meminfo");
  for (std::string word; lines >> word;) {
    std::int64_t kilobytes = 0;
    if (word == "MemTotal:" && lines >> kilobytes) {
      return kilobytes * 1024;
    }
  }
  return kUnlimited;
}

// The least of what a group and those above it are allowed.
std::int64_t least_upwards(const fs::path& hierarchy, std::string_view group, const char* file) {
  std::int64_t least = kUnlimited;
  for (fs::path at = fs::path(group).relative_path();; at = at.parent_path()) {
    least = std::min(least, number_in(hierarchy / at / file));
    if (at.empty()) {
      return least;
    }
  }
}

// Lines of /proc/self/cgroup read NUMBER:CONTROLLERS:GROUP; version 2 names no controllers. Inside
// a container the group may be named as the host sees it, and lies at the top of what is mounted.
std::int64_t group_memory(const fs::path& root) {
  const fs::path mounted = root / "sys/fs/cgroup";
  std::int64_t least = kUnlimited;
  std::ifstream lines(root / "proc/self/cgroup");
  for (std::string line; std::getline(lines, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) {
      continue;
    }
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const std::string group = line.substr(second + 1);
    if (controllers == ",,") {
      least = std::min(least, least_upwards(mounted, group, "memory.max"));
      least = std::min(least, least_upwards(mounted / "unified", group, "memory.max"));
    } else if (controllers.find(",memory,") != std::string::npos) {
      least = std::min(least, least_upwards(mounted / "memory", group, "memory.limit_in_bytes"));
    }
  }
  return least;
}

std::int64_t address_space() {
  rlimit limit{};
  const bool known = getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
  return known && limit.rlim_cur < static_cast<rlim_t>(kUnlimited)
             ? static_cast<std::int64_t>(limit.rlim_cur)
             : kUnlimited;
}

}  // namespace

std::int64_t machine_memory(const fs::path& root) {
  const std::int64_t least = std::min({physical_memory(root), group_memory(root), address_space()});
  return least == kUnlimited ? 0 : least;
}

std::int64_t default_max_memory() {
  return machine_memory() / 4 * 3;
}

}  // namespace imbrex::run
