#include "result/result_list.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace imbrex::result {
namespace {

namespace fs = std::filesystem;

// Folders of people, in order: no links, which may lead anywhere, and nothing hidden, which is
// somebody's work in progress.
std::vector<fs::path> visible_folders(const fs::path& root) {
  std::vector<fs::path> folders;
  std::error_code error;
  for (fs::directory_iterator at(root, error), end; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    if (fs::is_directory(at->symlink_status(ignored)) &&
        !at->path().filename().string().starts_with('.')) {
      folders.push_back(at->path());
    }
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

void collect(const fs::path& folder, ResultTree& tree) {
  if (is_result_folder(folder)) {
    tree.results.push_back(folder);
    return;
  }
  tree.folders.push_back(folder);
  for (const fs::path& inner : visible_folders(folder)) {
    collect(inner, tree);
  }
}

}  // namespace

bool is_result_folder(const fs::path& folder) {
  const auto has = [&](const char* name) {
    std::error_code ignored;
    return fs::is_regular_file(folder / name, ignored);
  };
  return has(kFrozenFile) || (has("plan.toml") && (has("result.json") || has("seeds.json")));
}

ResultTree result_tree(const fs::path& root) {
  std::error_code ignored;
  if (!fs::is_directory(root, ignored)) {
    throw InputError(fmt::format("there is no folder '{}'", root.string()));
  }
  ResultTree tree;
  collect(root, tree);
  return tree;
}

std::vector<ListedResult> list_results(const fs::path& root) {
  std::vector<ListedResult> results;
  for (const fs::path& folder : result_tree(root).results) {
    results.push_back(list_result(folder));
  }
  std::sort(results.begin(), results.end(), [](const ListedResult& one, const ListedResult& other) {
    return std::tie(other.date_utc, one.folder) < std::tie(one.date_utc, other.folder);
  });
  return results;
}

}  // namespace imbrex::result
