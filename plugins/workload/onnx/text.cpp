#include "text.hpp"

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

constexpr std::size_t kMaxQuoted = 80;
constexpr std::size_t kMaxName = 256;

}  // namespace

std::string in_quotes(std::string_view text) {
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
  const auto [known, fresh] = next_copy_.emplace(base, 2);
  if (fresh) {
    return base;
  }
  std::size_t& copy = known->second;  // stays where it is when the table grows
  std::string name;
  do {
    name = fmt::format("{}#{}", base, copy++);
  } while (!next_copy_.emplace(name, 2).second);
  return name;
}

}  // namespace imbrex::onnx_reader
