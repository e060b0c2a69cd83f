#include "language/source_text.hpp"

namespace imbrex {

SourceText::SourceText(std::string_view text, std::string_view file_name)
    : text_(text), file_name_(file_name) {
  line_begins_.push_back(0);
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') {
      line_begins_.push_back(i + 1);
    }
  }
}

std::string_view SourceText::line(std::uint32_t number) const noexcept {
  if (number == 0 || number > line_begins_.size()) {
    return {};
  }
  const std::size_t begin = line_begins_[number - 1];
  const std::size_t end = number < line_begins_.size() ? line_begins_[number] - 1 : text_.size();
  std::string_view result = std::string_view(text_).substr(begin, end - begin);
  if (!result.empty() && result.back() == '\r') {
    result.remove_suffix(1);
  }
  return result;
}

std::uint32_t SourceText::byte_column(std::uint32_t line_number,
                                      std::uint32_t code_point_column) const noexcept {
  const std::string_view content = line(line_number);
  std::uint32_t code_points = 0;
  for (std::uint32_t i = 0; i < content.size(); ++i) {
    const bool starts_code_point = (static_cast<unsigned char>(content[i]) & 0xC0u) != 0x80u;
    if (starts_code_point && ++code_points == code_point_column) {
      return i + 1;
    }
  }
  // Just behind the end: errors like "unexpected end of line" point there.
  return static_cast<std::uint32_t>(content.size()) + 1;
}

}  // namespace imbrex
