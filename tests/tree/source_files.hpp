// The C++ files of the tree, as text.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex::test {

// Headers and sources below a folder, in alphabetical order.
std::vector<std::filesystem::path> sources_below(const std::filesystem::path& folder);

// Those of the folders that people write code in: kernel, plugins, sdk, tests, bench.
std::vector<std::filesystem::path> all_sources(const std::filesystem::path& tree);

// Errors: std::runtime_error when it cannot be read.
std::string read_text(const std::filesystem::path& file);

// Comments become spaces, lines stay where they are.
std::string without_comments(std::string_view source);

// Comments, preprocessor lines and literals with their quotes become spaces, lines stay where they
// are.
std::string braces_only(std::string_view source);

}  // namespace imbrex::test
