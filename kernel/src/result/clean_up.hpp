// What `imbrex gc` does: folders that nobody needs any more, found and removed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace imbrex::result {

struct CleanUp {
  // A result whose environment.json is older goes: "2026-05-01T00:00:00Z". Nothing: none does.
  std::optional<std::string> before_utc;
  bool dry_run = false;
};

struct CleanedFolder {
  enum class What { leftover, restored, result };
  std::filesystem::path folder;
  What what = What::leftover;
  std::string date_utc;  // of a result
};

// Removes, in `root` and its folders, what dead processes left, and results that are older than
// asked; a result that a dead process had moved aside comes back where its place is free. Never
// touches a folder that is no result, a result without a date, or what a living process or another
// host is filling. Returns what it did, or with `dry_run` what it would do. Errors: InputError when
// `root` is no folder; Error when one of them cannot be removed.
std::vector<CleanedFolder> clean_up(const std::filesystem::path& root, const CleanUp& what);

// The time so many hours ago, as environment.json has dates.
std::string utc_hours_ago(std::int64_t hours);

}  // namespace imbrex::result
