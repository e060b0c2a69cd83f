// The place where a result folder lies, and the hidden names next to it under which folders wait
// there: being filled, moved aside, or about to be removed. Each such name says whose it is, so
// that what a dead process left is told from what a living one is working on.
#pragma once

#include <imbrex/plugin/host.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace imbrex::result {

class ResultPlace {
 public:
  // "results/x/" and "results/x" are one place.
  explicit ResultPlace(const std::filesystem::path& target);

  const std::filesystem::path& path() const noexcept { return target_; }
  std::filesystem::path parent() const { return target_.parent_path(); }
  bool is_taken() const { return inode().has_value(); }
  // Whether what lies there is a folder that is empty or holds a plan.toml. True when nothing does.
  bool is_replaceable() const;

  // A new, empty folder next to the place, of this process. Errors: as mkdir.
  std::error_code open_staging(std::filesystem::path& staging) const;
  // Moves the folder `staging` to the place, which must be free. Errors: EEXIST when it is not.
  std::error_code fill(const std::filesystem::path& staging) const;
  // The same where something lies there: in one step, or in two where the file system cannot.
  // `outdated` is then where the old one went. Errors: ENOENT or EEXIST when another process was
  // faster.
  std::error_code replace(const std::filesystem::path& staging,
                          std::filesystem::path& outdated) const;
  // Removes a folder next to the place: it first gets a name that nobody takes for a result.
  void discard(const std::filesystem::path& folder) const;
  // Removes what lies at the place if it is `expendable`, which is asked of the folder under a name
  // that nobody else takes: what another process puts there meanwhile stays, and what is not
  // expendable comes back. Returns whether it was removed.
  bool remove_if(FunctionRef<bool(const std::filesystem::path&)> expendable) const;
  // Does what dead processes did not come to: a result moved aside comes back when the place is
  // free, everything else is removed. Living processes and other hosts are left alone.
  void recover() const;

  // A folder next to a place that a dead process left.
  struct Leftover {
    std::filesystem::path folder;
    std::filesystem::path place;
    bool is_result = false;  // moved aside: it comes back when its place is free
  };
  // All of them in `parent`, by name. Not those of living processes and other hosts.
  static std::vector<Leftover> leftovers(const std::filesystem::path& parent);

 private:
  enum class Purpose { partial, replaced, removed };
  static std::string_view name_of(Purpose purpose);
  // Of what lies there, on its file system.
  std::optional<std::pair<std::uint64_t, std::uint64_t>> inode() const;
  std::filesystem::path hidden(Purpose purpose) const;
  std::string prefix(Purpose purpose) const;
  std::error_code replace_in_two_steps(const std::filesystem::path& staging,
                                       std::filesystem::path& outdated) const;
  std::vector<std::filesystem::path> abandoned(Purpose purpose) const;

  std::filesystem::path target_;
};

}  // namespace imbrex::result
