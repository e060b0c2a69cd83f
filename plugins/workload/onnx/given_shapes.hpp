// Shapes that the recipe gives where the file has none: [workload.shape] with NAME = [1, 64, 7, 7].
#pragma once

#include "network.hpp"

#include <imbrex/plugin/params.hpp>

#include <map>
#include <span>
#include <string>
#include <vector>

namespace imbrex::onnx_reader {

class GivenShapes {
 public:
  // A list in a recipe's table arrives as one entry per axis, NAME.0 and on; an empty list as the
  // entry "NAME.". Errors: InputError for an entry that is no list, and for negative extents.
  explicit GivenShapes(std::span<const NamedInteger> entries);

  // Null when the recipe gives none. What was asked for counts as known.
  const Dims* find(const std::string& name) const;
  // Errors: InputError naming an entry that nobody has asked for, and the nearest known name.
  void require_all_used() const;

 private:
  std::map<std::string, Dims, std::less<>> shapes_;
  mutable std::map<std::string, bool, std::less<>> asked_;  // names of the file; given or not
};

}  // namespace imbrex::onnx_reader
