#include "language/source_text.hpp"

#include <algorithm>

namespace imbrex {
namespace {

constexpr std::size_t kBlockBytes = 64;

bool begins_code_point(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u;
}

}  // namespace

SourceText::SourceText(std::string_view text, std::string_view file_name)
    : text_(text), file_name_(file_name) {
  line_begins_.push_back(0);
  std::size_t code_points = 0;
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (i % kBlockBytes == 0) {
      code_points_.push_back(code_points);
    }
    code_points += begins_code_point(text_[i]) ? 1 : 0;
    if (text_[i] == '\n') {
      line_begins_.push_back(i + 1);
    }
  }
}

std::size_t SourceText::code_points_before(std::size_t offset) const noexcept {
  if (offset == 0) {
    return 0;
  }
  const std::size_t block = (offset - 1) / kBlockBytes;
  const auto first = text_.begin() + static_cast<std::ptrdiff_t>(block * kBlockBytes);
  const auto last = text_.begin() + static_cast<std::ptrdiff_t>(offset);
  return code_points_[block] +
         static_cast<std::size_t>(std::count_if(first, last, begins_code_point));
}

SourcePosition SourceText::position(std::size_t offset) const noexcept {
  const auto next = std::upper_bound(line_begins_.begin(), line_begins_.end(), offset);
  return {static_cast<std::uint32_t>(next - line_begins_.begin()),
          static_cast<std::uint32_t>(offset - *(next - 1) + 1)};
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
  // Just behind the end: errors like "unexpected end of line" point there.
  const auto behind = static_cast<std::uint32_t>(content.size()) + 1;
  if (content.empty() || code_point_column == 0) {
    return behind;
  }
  const std::size_t begin = line_begins_[line_number - 1];
  const std::size_t wanted = code_points_before(begin) + code_point_column;
  const auto block = std::lower_bound(code_points_.begin(), code_points_.end(), wanted) - 1;
  std::size_t seen = *block;
  std::size_t at = static_cast<std::size_t>(block - code_points_.begin()) * kBlockBytes;
  while (at < begin + content.size()) {
    seen += begins_code_point(text_[at]) ? 1 : 0;
    if (seen == wanted) {
      return static_cast<std::uint32_t>(at - begin) + 1;
    }
    ++at;
  }
  return behind;
}

}  // namespace imbrex
