#include "result/clean_up.hpp"

#include "result/environment.hpp"
#include "result/result_list.hpp"
#include "result/result_place.hpp"

#include <imbrex/plugin/error.hpp>

#include <ctime>

#include <fmt/format.h>

namespace imbrex::result {
namespace {

namespace fs = std::filesystem;

// Dates have one form, so that their order is that of their letters; another form is no date.
bool is_date(const std::string& text) {
  constexpr std::string_view kForm = "0000-00-00T00:00:00Z";
  if (text.size() != kForm.size()) {
    return false;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_digit = text[i] >= '0' && text[i] <= '9';
    if (kForm[i] == '0' ? !is_digit : text[i] != kForm[i]) {
      return false;
    }
  }
  return true;
}

bool is_older(const std::string& date_utc, const std::string& before_utc) {
  return is_date(date_utc) && date_utc < before_utc;
}

// A folder that stays for want of a permission must not look removed.
[[noreturn]] void fail_to_remove(const fs::path& folder) {
  throw Error(ErrorCode::failed, fmt::format("cannot remove '{}'", folder.string()));
}

void clean_leftovers(const fs::path& folder, const CleanUp& what,
                     std::vector<CleanedFolder>& cleaned) {
  for (const ResultPlace::Leftover& leftover : ResultPlace::leftovers(folder)) {
    const ResultPlace place(leftover.place);
    const bool comes_back = leftover.is_result && !place.is_taken();
    cleaned.push_back({comes_back ? leftover.place : leftover.folder,
                       comes_back ? CleanedFolder::What::restored : CleanedFolder::What::leftover,
                       {}});
    if (what.dry_run) {
      continue;
    }
    comes_back ? place.recover() : place.discard(leftover.folder);
    std::error_code ignored;
    if (fs::exists(leftover.folder, ignored)) {
      fail_to_remove(leftover.folder);
    }
  }
}

// The date is asked again once nobody else can put another result there.
bool remove_result(const fs::path& folder, const std::string& before_utc) {
  return ResultPlace(folder).remove_if([&](const fs::path& aside) {
    return is_result_folder(aside) && is_older(list_result(aside).date_utc, before_utc);
  });
}

}  // namespace

std::vector<CleanedFolder> clean_up(const fs::path& root, const CleanUp& what) {
  const ResultTree tree = result_tree(root);
  std::vector<CleanedFolder> cleaned;
  for (const fs::path& folder : tree.folders) {
    clean_leftovers(folder, what, cleaned);
  }
  if (!what.before_utc) {
    return cleaned;
  }
  for (const fs::path& folder : tree.results) {
    const std::string date_utc = list_result(folder).date_utc;
    if (!is_older(date_utc, *what.before_utc)) {
      continue;
    }
    if (what.dry_run || remove_result(folder, *what.before_utc)) {
      cleaned.push_back({folder, CleanedFolder::What::result, date_utc});
    } else if (is_older(list_result(folder).date_utc, *what.before_utc)) {
      fail_to_remove(folder);
    }
  }
  return cleaned;
}

std::string utc_hours_ago(std::int64_t hours) {
  constexpr std::int64_t kSecondsPerHour = 3600;
  return utc_text(std::time(nullptr) - static_cast<std::time_t>(hours * kSecondsPerHour));
}

}  // namespace imbrex::result
