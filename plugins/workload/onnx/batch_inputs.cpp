#include "batch_inputs.hpp"

#include "text.hpp"

#include <imbrex/plugin/document.hpp>
#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/extents/bounded_extents.hpp>

#include <algorithm>

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

void require_known(std::span<const Value> inputs, const BatchOptions& options) {
  std::vector<std::string_view> names;
  for (const Value& input : inputs) {
    names.push_back(input.name);
  }
  for (const NamedInteger& entry : options.axes) {
    if (std::find(names.begin(), names.end(), entry.name) == names.end()) {
      const std::string_view near = nearest_name(entry.name, names);
      throw InputError(fmt::format(
          "[workload.batch_axes] names {}, which is no input{}", in_quotes(entry.name),
          near.empty() ? std::string() : fmt::format("; did you mean {}?", in_quotes(near))));
    }
  }
}

std::int64_t said_axis(const Value& input, const BatchOptions& options) {
  const auto own = std::find_if(options.axes.begin(), options.axes.end(),
                                [&](const NamedInteger& e) { return e.name == input.name; });
  const std::int64_t axis = own != options.axes.end() ? own->value : options.axis;
  if (axis < kNoBatchAxis || axis >= static_cast<std::int64_t>(input.dims.size())) {
    throw InputError(
        fmt::format("input {} of shape {} has no axis {} that could count samples; say which "
                    "one does, or -1 for none:\n  [workload.batch_axes]\n  \"{}\" = -1",
                    in_quotes(input.name), to_text(input.dims), axis, printable(input.name)));
  }
  return axis;
}

bool holds_no_samples(const Value& input, const BatchOptions& options) {
  return std::any_of(options.axes.begin(), options.axes.end(), [&](const NamedInteger& entry) {
    return entry.name == input.name && entry.value == kNoBatchAxis;
  });
}

}  // namespace

std::vector<std::int64_t> enlarge(std::span<Value> inputs, const BatchOptions& options) {
  require_known(inputs, options);
  std::vector<std::int64_t> axes;
  for (Value& input : inputs) {
    axes.push_back(input.constant ? kNoBatchAxis : said_axis(input, options));
    if (input.constant || input.dims.empty() || holds_no_samples(input, options)) {
      continue;
    }
    const std::int64_t axis = std::max<std::int64_t>(axes.back(), 0);
    std::int64_t& extent = input.dims[static_cast<std::size_t>(axis)];
    extent = extents::bounded_product(extent, options.batch);
  }
  return axes;
}

}  // namespace imbrex::onnx_reader
