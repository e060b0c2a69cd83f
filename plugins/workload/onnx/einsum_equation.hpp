// The formula of an Einsum, "bij,bjk->bik", as one letter per axis.
#pragma once

#include "node_view.hpp"

#include <map>
#include <string>
#include <vector>

namespace imbrex::onnx_reader {

struct EinsumEquation {
  std::vector<std::string> operands;  // one letter per axis
  std::string result;
  std::map<char, std::int64_t> extent;  // of every letter
  Dims dims(const std::string& letters) const;
};

// An ellipsis stands for the axes that are left; they get letters of their own. Without "->" the
// result holds the letters that occur once, in alphabetical order.
// Errors: InputError when the formula is damaged or does not fit its operands.
EinsumEquation read_equation(const NodeView& node);

// Does `letters` hold the letter?
inline bool holds(const std::string& letters, char letter) {
  return letters.find(letter) != std::string::npos;
}

}  // namespace imbrex::onnx_reader
