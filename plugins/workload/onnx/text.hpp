// Words for people: names out of a file may be empty, repeated, endless or not text at all.
#pragma once

#include "network.hpp"

#include <imbrex/plugin/error.hpp>

#include <span>
#include <unordered_map>

namespace imbrex::onnx_reader {

// 'name', printable and cut after 80 bytes.
std::string in_quotes(std::string_view text);
// [1, 3, 224, 224]
std::string to_text(const Dims& dims);
// "a, b and c"
std::string listed(std::span<const std::string> words);

// Hands out names that are readable and never repeat: "conv", "conv#2", ... O(length of the name),
// amortised, also when all names are equal.
class UniqueNames {
 public:
  std::string make(std::string_view wanted);

 private:
  // Names given out, with the number that the next copy of each will get.
  std::unordered_map<std::string, std::size_t> next_copy_;
};

}  // namespace imbrex::onnx_reader
