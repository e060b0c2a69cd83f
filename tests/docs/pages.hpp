// The pages of documentation of the tree.
#pragma once

#include <filesystem>
#include <vector>

namespace imbrex::test {

// README, CONTRIBUTING, ARCHITECTURE, and all of sdk/docs and configs/ablations: relative to the
// tree, sorted.
std::vector<std::filesystem::path> documentation(const std::filesystem::path& tree);

// The pages right in a folder: relative to the tree, sorted.
std::vector<std::filesystem::path> pages_in(const std::filesystem::path& tree,
                                            const std::filesystem::path& folder);

}  // namespace imbrex::test
