#include "page_paths.hpp"

#include "pages.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace imbrex::test {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 6> kFolders = {"bench/",   "configs/", "kernel/",
                                                      "plugins/", "sdk/",     "tests/"};

bool is_public_header(std::string_view word) {
  return word.starts_with("imbrex/") && (word.ends_with(".hpp") || word.ends_with(".inc"));
}

bool is_path(std::string_view word) {
  return is_public_header(word) ||
         std::any_of(kFolders.begin(), kFolders.end(), [&](std::string_view folder) {
           return word.starts_with(folder) && word.size() > folder.size();
         });
}

bool ends_word(char c) {
  return std::isspace(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("`\"'<>()[]=|;").find(c) != std::string_view::npos;
}

void add_paths(std::string_view code, std::vector<std::string>& found) {
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= code.size(); ++at) {
    if (at < code.size() && !ends_word(code[at])) {
      continue;
    }
    std::string_view word = code.substr(begin, at - begin);
    while (!word.empty() && std::string_view(".,:").find(word.back()) != std::string_view::npos) {
      word.remove_suffix(1);
    }
    if (is_path(word)) {
      found.emplace_back(word);
    }
    begin = at + 1;
  }
}

// NAME, KIND.cpp, x*, {a,b}. Pages such as README.md are in capitals, but there.
bool is_placeholder(const std::string& part) {
  const std::string stem = fs::path(part).stem().string();
  const bool capitals = stem.size() > 1 && std::all_of(stem.begin(), stem.end(), [](char c) {
                          return std::isupper(static_cast<unsigned char>(c)) != 0;
                        });
  return part.find_first_of("*{}") != std::string::npos || (capitals && !part.ends_with(".md"));
}

}  // namespace

std::vector<std::string> paths_in(std::string_view page) {
  std::vector<std::string> found;
  for_each_line(page, [&](std::string_view line, bool is_block) {
    if (is_block) {
      add_paths(line, found);
      return;
    }
    for (std::size_t open = line.find('`'); open != std::string_view::npos;) {
      const std::size_t close = line.find('`', open + 1);
      if (close == std::string_view::npos) {
        break;
      }
      add_paths(line.substr(open + 1, close - open - 1), found);
      open = line.find('`', close + 1);
    }
  });
  return found;
}

bool names_something(const fs::path& tree, const std::string& word) {
  fs::path path = tree;
  if (is_public_header(word)) {
    path /= word.starts_with("imbrex/toolkit/")   ? "sdk/toolkit/include"
            : word.starts_with("imbrex/session.") ? "sdk/session/include"
                                                  : "kernel/include";
  }
  for (const fs::path& part : fs::path(word)) {
    if (is_placeholder(part.string())) {
      break;
    }
    path /= part;
  }
  return fs::exists(path);
}

}  // namespace imbrex::test
