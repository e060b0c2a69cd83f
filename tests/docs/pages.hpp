// The pages of documentation of the tree.
#pragma once

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <vector>

namespace imbrex::test {

// README, CONTRIBUTING, ARCHITECTURE, and all of sdk/docs and configs/ablations: relative to the
// tree, sorted.
std::vector<std::filesystem::path> documentation(const std::filesystem::path& tree);

// The pages right in a folder: relative to the tree, sorted.
std::vector<std::filesystem::path> pages_in(const std::filesystem::path& tree,
                                            const std::filesystem::path& folder);

// Calls `visit` with every line of a page and whether it stands between fences, which are no lines.
template <typename Visit>
void for_each_line(std::string_view page, const Visit& visit) {
  bool in_block = false;
  for (std::size_t begin = 0; begin < page.size();) {
    const std::size_t end = std::min(page.find('\n', begin), page.size());
    const std::string_view line = page.substr(begin, end - begin);
    begin = end + 1;
    if (line.starts_with("```")) {
      in_block = !in_block;
    } else {
      visit(line, in_block);
    }
  }
}

}  // namespace imbrex::test
