// Paths of the tree that a page of documentation names.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex::test {

// Words in backticks, or in a block between fences, that begin with a folder of the tree and a
// slash, or name a public header (`imbrex/x/y.hpp`): in the order of the page, each as often as it
// is there. Punctuation behind a word does not count.
std::vector<std::string> paths_in(std::string_view page);

// Does a word name something that is there? What a reader has to fill in (`NAME`, `*`, `{a,b}`) may
// be anything: of `plugins/KIND/NAME.cpp` only `plugins` has to exist.
bool names_something(const std::filesystem::path& tree, const std::string& word);

}  // namespace imbrex::test
