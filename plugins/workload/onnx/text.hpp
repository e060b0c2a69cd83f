// File: text.hpp
//
// Words for people: names out of a file may be empty, repeated, endless or not text at all.
#pragma once

#include "network.hpp"

#include <span>
#include <unordered_set>

namespace imbrex::onnx_reader {

// Valid UTF-8 without control characters; anything else becomes '?'. O(n).
std::string printable(std::string_view text);
// 'name', printable and cut after 80 bytes.
std::string quoted(std::string_view text);
// [1, 3, 224, 224]
std::string to_text(const Dims& dims);
// "a, b and c"
std::string listed(std::span<const std::string> words);

// Hands out names that are readable and never repeat: "conv", "conv#2", ...
class UniqueNames {
 public:
  std::string make(std::string_view wanted);

 private:
  std::unordered_set<std::string> taken_;
};

}  // namespace imbrex::onnx_reader
