#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <array>

namespace imbrex {
namespace {

// Length of the UTF-8 sequence at the front of `text`; 0 when there is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xc2 ? 0
                             : lead < 0xe0 ? 2
                             : lead < 0xf0 ? 3
                             : lead < 0xf5 ? 4
                                           : 0;
  if (length == 0 || text.size() < length) {
    return 0;
  }
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) {
      return 0;
    }
  }
  const unsigned second = length > 1 ? byte(1) : 0;
  const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  const bool outside = (lead == 0xed && second >= 0xa0) || (lead == 0xf4 && second >= 0x90);
  return overlong || outside ? 0 : length;
}

char32_t code_point(std::string_view sequence) {
  const auto lead = static_cast<unsigned char>(sequence[0]);
  if (sequence.size() == 1) {
    return lead;
  }
  char32_t result = lead & (0x7fu >> sequence.size());
  for (const char c : sequence.substr(1)) {
    result = (result << 6) | (static_cast<unsigned char>(c) & 0x3fu);
  }
  return result;
}

// Characters that move the cursor, end a line, turn the direction of writing or cannot be seen: a
// name with them could imitate other output.
bool is_control(char32_t c) {
  struct Range {
    char32_t first;
    char32_t last;
  };
  constexpr std::array<Range, 8> kControls{{{0x00, 0x1f},
                                            {0x7f, 0x9f},
                                            {0xad, 0xad},        // soft hyphen
                                            {0x61c, 0x61c},      // Arabic letter mark
                                            {0x200b, 0x200f},    // zero widths, direction marks
                                            {0x2028, 0x202e},    // separators, embeddings
                                            {0x2060, 0x206f},    // isolates
                                            {0xfeff, 0xfeff}}};  // byte order mark
  return std::any_of(kControls.begin(), kControls.end(),
                     [&](const Range& range) { return c >= range.first && c <= range.last; });
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0 || is_control(code_point(text.substr(0, length)))) {
      result += '?';
      text.remove_prefix(std::max<std::size_t>(length, 1));
    } else {
      result += text.substr(0, length);
      text.remove_prefix(length);
    }
  }
  return result;
}

}  // namespace imbrex
