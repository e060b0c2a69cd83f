#include "page_links.hpp"

#include "pages.hpp"
#include "source_files.hpp"

#include <algorithm>
#include <cctype>

namespace imbrex::test {
namespace {

namespace fs = std::filesystem;

std::string without_code(std::string_view line) {
  std::string out;
  bool in_code = false;
  for (const char c : line) {
    in_code = in_code != (c == '`');
    if (!in_code && c != '`') {
      out += c;
    }
  }
  return out;
}

std::string anchor_of(std::string_view heading) {
  std::string out;
  for (const char c : heading) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '-' || c == '_') {
      out += static_cast<char>(std::tolower(byte));
    } else if (c == ' ') {
      out += '-';
    }
  }
  return out;
}

}  // namespace

std::vector<std::string> links_in(std::string_view page) {
  std::vector<std::string> found;
  for_each_line(page, [&](std::string_view whole, bool is_block) {
    if (is_block) {
      return;
    }
    const std::string line = without_code(whole);
    for (std::size_t at = line.find("]("); at != std::string::npos; at = line.find("](", at + 1)) {
      const std::size_t close = line.find(')', at);
      if (close != std::string::npos) {
        found.push_back(line.substr(at + 2, close - at - 2));
      }
    }
  });
  return found;
}

std::vector<std::string> anchors_in(std::string_view page) {
  std::vector<std::string> found;
  for_each_line(page, [&](std::string_view line, bool is_block) {
    const std::size_t text = line.find_first_not_of('#');
    if (!is_block && text != 0 && text != std::string_view::npos && line[text] == ' ') {
      found.push_back(anchor_of(line.substr(text + 1)));
    }
  });
  return found;
}

bool leads_somewhere(const fs::path& tree, const fs::path& page, const std::string& target) {
  if (target.starts_with("https://") || target.starts_with("http://")) {
    return true;
  }
  const std::size_t hash = target.find('#');
  const std::string file = target.substr(0, hash);
  const fs::path path = file.empty() ? page : page.parent_path() / file;
  if (!fs::is_regular_file(tree / path)) {
    return false;
  }
  if (hash == std::string::npos) {
    return true;
  }
  const std::vector<std::string> anchors = anchors_in(read_text(tree / path));
  return std::find(anchors.begin(), anchors.end(), target.substr(hash + 1)) != anchors.end();
}

}  // namespace imbrex::test
