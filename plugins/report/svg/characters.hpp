// Names as characters: they may hold any bytes.
#pragma once

#include <cstdint>
#include <string_view>

namespace imbrex::svg {

struct Character {
  std::uint32_t code = 0;  // 0: the byte begins no character in UTF-8
  std::string_view bytes;
};

// Takes the first character, or the first byte where no character begins. Requires: not empty.
inline Character take_character(std::string_view& text) {
  const auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  std::size_t length = first < 0x80   ? 1
                       : first < 0xC2 ? 0
                       : first < 0xE0 ? 2
                       : first < 0xF0 ? 3
                                      : 4;
  std::uint32_t code = length == 1 ? first : first & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (i >= text.size() || (byte(i) & 0xC0U) != 0x80U) {
      length = 0;
      break;
    }
    code = code << 6U | (byte(i) & 0x3FU);
  }
  constexpr std::uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = code >= 0xD800 && code < 0xE000;
  if (length == 0 || code < kSmallest[length] || code > 0x10FFFF || is_surrogate) {
    length = 0;
    code = 0;
  }
  const Character character{code, text.substr(0, length == 0 ? 1 : length)};
  text.remove_prefix(character.bytes.size());
  return character;
}

inline bool is_allowed_in_xml(const Character& character) {
  const std::uint32_t code = character.code;
  return (code >= 0x20 || code == '\t' || code == '\n') && code != 0xFFFE && code != 0xFFFF;
}

}  // namespace imbrex::svg
