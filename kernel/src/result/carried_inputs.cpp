#include "result/carried_inputs.hpp"

#include "base/files.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace imbrex::result {
namespace {

namespace fs = std::filesystem;

// Of each file name, the digests of the files that have it.
std::map<std::string, std::set<std::string>> digests_by_name(const recipe::ResolvedPlan& plan) {
  std::map<std::string, std::set<std::string>> digests;
  for (const auto& [path, digest] : plan.file_sha256) {
    digests[fs::path(path).filename().string()].insert(digest);
  }
  return digests;
}

// The plan's digest stands for what the run reads: a copy of anything else would be another
// experiment under its name.
std::string unchanged_content(const fs::path& path, const std::string& digest) {
  std::string content = read_text_file(path);
  if (sha256_hex(content) != digest) {
    throw InputError(fmt::format("the file '{}' changed after it was checked", path.string()));
  }
  return content;
}

}  // namespace

CarriedInputs::CarriedInputs(const recipe::ResolvedPlan& plan, std::uintmax_t limit) {
  const auto digests = digests_by_name(plan);
  std::set<std::string> copied;
  std::vector<Copy> copies;
  for (const auto& [path, digest] : plan.file_sha256) {
    const std::string file_name = fs::path(path).filename().string();
    std::error_code error;
    const std::uintmax_t bytes = fs::file_size(path, error);
    if (error || bytes > limit) {
      records_.push_back({file_name, digest, error ? 0 : bytes, false});
      left_.emplace_back(path);
      continue;
    }
    const bool is_alone = digests.at(file_name).size() == 1;
    const std::string name =
        is_alone ? fmt::format("{}/{}", kInputsFolder, file_name)
                 : fmt::format("{}/{}/{}", kInputsFolder, digest.substr(0, 8), file_name);
    name_of_[path] = name;
    if (copied.insert(name).second) {
      copies.push_back({name, unchanged_content(path, digest)});
      records_.push_back({name, digest, bytes, true});
    }
  }
  std::sort(copies.begin(), copies.end(),
            [](const Copy& one, const Copy& other) { return one.name < other.name; });
  copies_ = std::make_shared<const std::vector<Copy>>(std::move(copies));
  std::sort(records_.begin(), records_.end(), [](const InputRecord& one, const InputRecord& other) {
    return std::tie(one.path, one.sha256) < std::tie(other.path, other.sha256);
  });
}

std::vector<InputRecord> CarriedInputs::records(const std::string& above) const {
  std::vector<InputRecord> records = records_;
  for (InputRecord& record : records) {
    if (record.carried) {
      record.path.insert(0, above);
    }
  }
  return records;
}

std::map<std::string, std::string> CarriedInputs::names(const std::string& above) const {
  std::map<std::string, std::string> names = name_of_;
  for (auto& [path, name] : names) {
    name.insert(0, above);
  }
  return names;
}

}  // namespace imbrex::result
