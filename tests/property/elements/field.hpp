// Tensors of an ONNX network as fields of tokens: every element carries the names of the elements
// of products that it was made from. Deliberately plain, since it checks clever code: coordinates
// are vectors of integers, and every operator visits every element.
#pragma once

#include "network.hpp"

#include <bitset>
#include <cstdint>
#include <string>
#include <vector>

namespace imbrex::elements {

using onnx_reader::Dims;

inline constexpr std::size_t kMostTokens = 2048;
using Tokens = std::bitset<kMostTokens>;

inline std::int64_t count(const Dims& dims) {
  std::int64_t product = 1;
  for (const std::int64_t extent : dims) {
    product *= extent;
  }
  return product;
}

// Row-major position.
inline std::size_t flat(const Dims& dims, const Dims& at) {
  std::int64_t position = 0;
  for (std::size_t i = 0; i < dims.size(); ++i) {
    position = position * dims[i] + at[i];
  }
  return static_cast<std::size_t>(position);
}

// All coordinates, row-major.
template <class Visit>
void for_each(const Dims& dims, Visit visit) {
  Dims at(dims.size(), 0);
  for (std::int64_t left = count(dims); left > 0; --left) {
    visit(at);
    for (std::size_t i = dims.size(); i-- > 0 && ++at[i] == dims[i];) {
      at[i] = 0;
    }
  }
}

struct Field {
  std::string name;
  Dims dims;
  std::vector<Tokens> tokens;  // row-major

  std::size_t rank() const noexcept { return dims.size(); }
  const Tokens& at(const Dims& where) const { return tokens[flat(dims, where)]; }
  // Nothing outside, where operators see padding.
  Tokens near(const Dims& where) const {
    for (std::size_t i = 0; i < dims.size(); ++i) {
      if (where[i] < 0 || where[i] >= dims[i]) {
        return {};
      }
    }
    return at(where);
  }
  // As numpy broadcasting reads it for an element of a wider result.
  const Tokens& broadcast(const Dims& wide) const {
    Dims where(dims.size());
    for (std::size_t i = 0; i < dims.size(); ++i) {
      where[i] = dims[i] == 1 ? 0 : wide[wide.size() - dims.size() + i];
    }
    return at(where);
  }
};

}  // namespace imbrex::elements
