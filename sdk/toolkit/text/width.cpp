// The only source that includes libunistring.
#include <imbrex/toolkit/text/width.hpp>

#include <algorithm>
#include <cstdint>
#include <utility>

#include <unigbrk.h>
#include <uniwidth.h>

namespace imbrex::text {
namespace {

const std::uint8_t* bytes(std::string_view text) noexcept {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

bool is_ascii(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Bytes of the first letter with its accents; of a text that is not empty.
std::size_t first_letter(std::string_view text) noexcept {
  const std::uint8_t* const begin = bytes(text);
  return static_cast<std::size_t>(u8_grapheme_next(begin, begin + text.size()) - begin);
}

// Fills lines with words.
class Wrapping {
 public:
  explicit Wrapping(std::size_t columns) : columns_(std::max<std::size_t>(1, columns)) {}

  void word(std::string_view word) {
    const std::size_t gap = line_.empty() ? 0 : 1;
    if (width(line_) + gap + width(word) > columns_) {
      end_line();
    } else if (gap > 0) {
      line_ += ' ';
    }
    while (width(word) > columns_) {
      const std::size_t fits = head(word, columns_).size();
      lines_.emplace_back(word.substr(0, fits > 0 ? fits : first_letter(word)));
      word.remove_prefix(lines_.back().size());
    }
    line_ += word;
  }

  std::vector<std::string> lines() {
    end_line();
    if (lines_.empty()) {
      lines_.emplace_back();
    }
    return std::move(lines_);
  }

 private:
  void end_line() {
    if (!line_.empty()) {
      lines_.push_back(std::move(line_));
      line_.clear();
    }
  }

  std::size_t columns_;
  std::vector<std::string> lines_;
  std::string line_;
};

}  // namespace

std::size_t width(std::string_view text) noexcept {
  if (is_ascii(text)) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; }));
  }
  return static_cast<std::size_t>(u8_width(bytes(text), text.size(), "UTF-8"));
}

std::string_view head(std::string_view text, std::size_t columns) noexcept {
  std::size_t end = 0;
  std::size_t used = 0;
  while (end < text.size()) {
    const std::size_t letter = first_letter(text.substr(end));
    used += width(text.substr(end, letter));
    if (used > columns) {
      break;
    }
    end += letter;
  }
  return text.substr(0, end);
}

std::string_view tail(std::string_view text, std::size_t columns) {
  std::vector<std::size_t> starts;
  for (std::size_t at = 0; at < text.size(); at += first_letter(text.substr(at))) {
    starts.push_back(at);
  }
  std::size_t begin = text.size();
  for (auto start = starts.rbegin(); start != starts.rend(); ++start) {
    if (width(text.substr(*start)) > columns) {
      break;
    }
    begin = *start;
  }
  return text.substr(begin);
}

std::string padded(std::string_view text, std::size_t columns) {
  const std::size_t used = width(text);
  return std::string(text) + std::string(columns > used ? columns - used : 0, ' ');
}

std::string padded_left(std::string_view text, std::size_t columns) {
  const std::size_t used = width(text);
  return std::string(columns > used ? columns - used : 0, ' ') + std::string(text);
}

std::string fitted(std::string_view text, std::size_t columns, std::string_view mark) {
  if (width(text) <= columns) {
    return padded(text, columns);
  }
  if (columns == 0) {
    return "";
  }
  const std::size_t at_end = (columns - 1) / 2;
  std::string out(head(text, columns - 1 - at_end));
  out += mark;
  out += tail(text, at_end);
  return padded(out, columns);  // a wide letter may have left a column
}

std::vector<std::string> wrapped(std::string_view text, std::size_t columns) {
  Wrapping wrapping(columns);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" \n"), text.size());
    if (end > 0) {
      wrapping.word(text.substr(0, end));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return wrapping.lines();
}

}  // namespace imbrex::text
