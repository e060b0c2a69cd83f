#include "text.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

constexpr std::size_t kMaxQuoted = 80;
constexpr std::size_t kMaxName = 256;

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

}  // namespace

std::string printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const bool control = length == 1 && (text[0] < 0x20 || text[0] == 0x7f);
    if (length == 0 || control) {
      result += '?';
      text.remove_prefix(1);
    } else {
      result += text.substr(0, length);
      text.remove_prefix(length);
    }
  }
  return result;
}

std::string quoted(std::string_view text) {
  if (text.size() <= kMaxQuoted) {
    return fmt::format("'{}'", printable(text));
  }
  return fmt::format("'{}...'", printable(text.substr(0, kMaxQuoted)));
}

std::string to_text(const Dims& dims) {
  std::string result = "[";
  for (std::size_t i = 0; i < dims.size() && i < 16; ++i) {
    result += (i == 0 ? "" : ", ") + std::to_string(dims[i]);
  }
  return result + (dims.size() > 16 ? ", ...]" : "]");
}

std::string listed(std::span<const std::string> words) {
  std::string result;
  for (std::size_t i = 0; i < words.size(); ++i) {
    result += i == 0 ? "" : i + 1 == words.size() ? " and " : ", ";
    result += words[i];
  }
  return result;
}

std::string UniqueNames::make(std::string_view wanted) {
  const std::string base = printable(wanted.empty() ? "unnamed" : wanted.substr(0, kMaxName));
  std::string name = base;
  for (std::size_t copy = 2; !taken_.insert(name).second; ++copy) {
    name = fmt::format("{}#{}", base, copy);
  }
  return name;
}

}  // namespace imbrex::onnx_reader
