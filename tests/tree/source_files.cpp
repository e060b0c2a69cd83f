#include "source_files.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace imbrex::test {
namespace {

namespace fs = std::filesystem;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

class Blanking {
 public:
  Blanking(std::string_view source, bool comments_only)
      : source_(source), text_(source), comments_only_(comments_only) {}

  std::string run() {
    while (at_ < source_.size()) {
      step();
    }
    return text_;
  }

 private:
  void step() {
    const std::string_view rest = source_.substr(at_);
    if (rest.starts_with("//")) {
      blank_until(end_of_line(at_));
    } else if (rest.starts_with("/*")) {
      blank_until(after("*/", at_ + 2));
    } else if (rest.front() == '#' && first_of_line() && !comments_only_) {
      blank_until(end_of_line(at_));
    } else if (rest.starts_with("R\"") && !follows_word()) {
      const std::size_t open = source_.find('(', at_);
      std::string end(")");
      end.append(source_.substr(at_ + 2, open - at_ - 2)).append("\"");
      pass_literal(after(end, open));
    } else if (rest.front() == '"') {
      pass_literal(end_of_literal('"'));
    } else if (rest.front() == '\'' && !follows_word()) {  // 1'000 is a number
      pass_literal(end_of_literal('\''));
    } else {
      ++at_;
    }
  }

  bool follows_word() const { return at_ > 0 && is_word(source_[at_ - 1]); }

  bool first_of_line() const {
    const std::size_t before = source_.substr(0, at_).find_last_not_of(" \t");
    return before == std::string_view::npos || source_[before] == '\n';
  }

  // A line that ends with a backslash goes on.
  std::size_t end_of_line(std::size_t from) const {
    std::size_t end = source_.find('\n', from);
    while (end != std::string_view::npos && source_[end - 1] == '\\') {
      end = source_.find('\n', end + 1);
    }
    return end == std::string_view::npos ? source_.size() : end;
  }

  std::size_t after(std::string_view what, std::size_t from) const {
    const std::size_t found = source_.find(what, from);
    return found == std::string_view::npos ? source_.size() : found + what.size();
  }

  std::size_t end_of_literal(char quote) const {
    std::size_t end = at_ + 1;
    while (end < source_.size() && source_[end] != quote) {
      end += source_[end] == '\\' ? 2 : 1;
    }
    return end + 1;
  }

  void pass_literal(std::size_t end) {
    if (comments_only_) {
      at_ = end;
    } else {
      blank_until(end);
    }
  }

  void blank_until(std::size_t end) {
    for (; at_ < end && at_ < source_.size(); ++at_) {
      text_[at_] = source_[at_] == '\n' ? '\n' : ' ';
    }
  }

  std::string_view source_;
  std::string text_;
  bool comments_only_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<fs::path> sources_below(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string ending = entry.path().extension().string();
    if (ending == ".cpp" || ending == ".hpp") {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<fs::path> all_sources(const fs::path& tree) {
  std::vector<fs::path> all;
  for (const char* folder : {"bench", "kernel", "plugins", "sdk", "tests"}) {
    const std::vector<fs::path> part = sources_below(tree / folder);
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

std::string read_text(const fs::path& file) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream) {
    throw std::runtime_error("cannot read " + file.string());
  }
  return text.str();
}

std::string without_comments(std::string_view source) {
  return Blanking(source, true).run();
}

std::string braces_only(std::string_view source) {
  return Blanking(source, false).run();
}

}  // namespace imbrex::test
