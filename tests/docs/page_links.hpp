// Links between pages of documentation, and the headings that they lead to.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex::test {

// Targets of the links of a page in Markdown, in its order: what stands in the round brackets. What
// is written as code, in backticks or between fences, is no link.
std::vector<std::string> links_in(std::string_view page);

// The anchors of the headings of a page, as hosts of repositories make them: small letters, digits,
// hyphens; spaces become hyphens, everything else is left out.
std::vector<std::string> anchors_in(std::string_view page);

// Does a link of a page of the tree lead to a file of the tree, and to a heading of it where it
// names one? Addresses of the web do: nobody looks there. Errors: std::runtime_error when a page
// that it leads to cannot be read.
bool leads_somewhere(const std::filesystem::path& tree, const std::filesystem::path& page,
                     const std::string& target);

}  // namespace imbrex::test
