// Copies a workload operator by operator; those with cuts are copied once per slice, with loop
// bounds, projections and backward maps moved along the channel axis. The builder checks that the
// three agree.
#include "language/workload_origin.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/values/segments.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <algorithm>

#include <fmt/format.h>

namespace imbrex {
namespace {

[[noreturn]] void complain(const Operator& op, const std::string& why) {
  throw InputError(fmt::format("operator '{}' cannot be split: {}", op.name, why));
}

// Output position y of the slice is position y + offset of the whole along `axis`.
AxisRule moved(AxisRule rule, std::size_t axis, std::int64_t offset) {
  if (rule.kind == AxisRule::Kind::affine && rule.output_axis == axis) {
    rule.low += offset * rule.scale;
    rule.high += offset * rule.scale;
  }
  return rule;
}

BackwardMap moved(const BackwardMap& map, const Shape& output, std::size_t axis,
                  std::int64_t offset) {
  std::vector<AxisRule> rules;
  for (std::size_t a = 0; a < map.input_shape().rank; ++a) {
    rules.push_back(moved(map.rule(a), axis, offset));
  }
  return {map.input_shape(), output, rules, map.exactness()};
}

// Loop bounds over G and K of some of the output channels.
struct SliceBounds {
  std::int64_t groups = 1;
  std::int64_t channels = 1;  // per group
  std::int64_t first_group = 0;
};

SliceBounds slice_bounds(const Operator& op, const Interval& slice) {
  const std::int64_t per_group = op.bounds[Dim::K];
  const std::int64_t first = slice.begin / per_group;
  if (slice.begin % per_group == 0 && slice.end % per_group == 0) {
    return {slice.extent() / per_group, per_group, first};
  }
  if ((slice.end - 1) / per_group != first) {
    complain(op, fmt::format("channels [{}, {}) are parts of several groups of {}", slice.begin,
                             slice.end, per_group));
  }
  return {1, slice.extent(), first};
}

Operator slice_of(const Operator& op, const Interval& slice, const Shape& output,
                  std::size_t axis) {
  const SliceBounds bounds = slice_bounds(op, slice);
  Operator part = op;
  part.name = fmt::format("{}[{}:{}]", op.name, slice.begin, slice.end);
  part.shared_weights = kOwnWeights;  // a part of them
  part.bounds[Dim::G] = bounds.groups;
  part.bounds[Dim::K] = bounds.channels;
  for (std::size_t term = 0; term < 2; ++term) {
    AxisProjection& out = part.output_projection[axis];
    if (out.dim[term] == Dim::G && out.factor[term] != 0) {
      out.factor[term] = bounds.channels;
    }
  }
  for (auto& projections : part.input_projection) {
    for (AxisProjection& projection : projections) {
      for (std::size_t term = 0; term < 2; ++term) {
        if (projection.dim[term] == Dim::G) {
          projection.offset += projection.factor[term] * bounds.first_group;
        }
      }
    }
  }
  for (BackwardMap& map : part.maps) {
    map = moved(map, output, axis, slice.begin);
  }
  return part;
}

void check(const Operator& op, std::int64_t channels, const std::vector<std::int64_t>& cuts) {
  if (!op.has_macs() || !op.stationary_weights) {
    complain(op, "it has no constant weights");
  }
  std::int64_t last = 0;
  for (const std::int64_t cut : cuts) {
    if (cut <= last || cut >= channels) {
      complain(op, fmt::format("cuts [{}] do not ascend inside (0, {})", fmt::join(cuts, ", "),
                               channels));
    }
    last = cut;
  }
}

class Splitter {
 public:
  Splitter(const Workload& workload, std::span<const ChannelCuts> cuts)
      : old_(workload),
        builder_(workload.name()),
        cuts_of_(workload.operators().size(), nullptr),
        tensor_(workload.tensors().size(), TensorId::none) {
    for (const ChannelCuts& entry : cuts) {
      const Operator& op = old_.at(entry.op);
      if (op.chain) {
        complain(op, "its jobs are a chain, which slices of its channels would break");
      }
      if (cuts_of_[entry.op] != nullptr) {
        complain(op, "its cuts are given more than once");
      }
      check(op, old_.at(op.output).shape[channel_axis(op, old_.at(op.output).shape)], entry.cuts);
      cuts_of_[entry.op] = &entry.cuts;
    }
  }

  SplitWorkload run() {
    builder_.samples(old_.samples());
    for (const TensorId id : old_.inputs()) {
      const Tensor& input = old_.at(id);
      tensor_[id] = builder_.input(input.name, input.shape, input.bits_per_element);
    }
    std::vector<OperatorId> image;
    for (const OperatorId id : cuts_of_.ids()) {
      image.push_back(operator_id(operators_));
      add(id);
    }
    for (const TensorId output : old_.outputs()) {
      builder_.output(tensor_[output]);
    }
    SplitWorkload result{builder_.finish(), std::move(image)};
    WorkloadOrigin::set(result.workload, old_.network());
    return result;
  }

 private:
  void add(OperatorId id) {
    const Operator& op = old_.at(id);
    const Tensor& output = old_.at(op.output);
    std::vector<TensorId> operands;
    for (const TensorId input : op.inputs) {
      operands.push_back(tensor_[input]);
    }
    TensorId& mine = tensor_[op.output];
    if (cuts_of_[id] == nullptr || cuts_of_[id]->empty()) {
      mine = builder_.copy(op, operands, output.shape, output.bits_per_element);
      ++operators_;
      return;
    }
    mine = add_slices(op, output, operands, *cuts_of_[id]);
  }

  TensorId add_slices(const Operator& op, const Tensor& output,
                      const std::vector<TensorId>& operands,
                      const std::vector<std::int64_t>& cuts) {
    const std::size_t axis = channel_axis(op, output.shape);
    std::vector<TensorId> slices;
    for (std::size_t k = 0; k <= cuts.size(); ++k) {
      const Interval slice{k == 0 ? 0 : cuts[k - 1],
                           k == cuts.size() ? output.shape[axis] : cuts[k]};
      Shape shape = output.shape;
      shape.extent[axis] = slice.extent();
      slices.push_back(builder_.copy(slice_of(op, slice, shape, axis), operands, shape,
                                     output.bits_per_element));
    }
    operators_ += slices.size() + 1;
    const TensorId whole = builder_.concat(op.name, slices, static_cast<std::int64_t>(axis));
    builder_.source_type(whole, "Concat");
    return whole;
  }

  const Workload& old_;
  WorkloadBuilder builder_;
  IndexVector<OperatorId, const std::vector<std::int64_t>*> cuts_of_;
  IndexVector<TensorId, TensorId> tensor_;  // per old tensor
  std::size_t operators_ = 0;               // added so far
};

}  // namespace

std::size_t channel_axis(const Operator& op, const Shape& output) noexcept {
  for (std::size_t axis = 0; axis < output.rank; ++axis) {
    const AxisProjection& projection = op.output_projection[axis];
    for (std::size_t term = 0; term < 2; ++term) {
      if (projection.dim[term] == Dim::K && projection.factor[term] != 0) {
        return axis;
      }
    }
  }
  IMBREX_ASSERT(false && "an operator with a loop nest has output channels");
  return 0;
}

SplitWorkload split_channels(const Workload& workload, std::span<const ChannelCuts> cuts) {
  return Splitter(workload, cuts).run();
}

}  // namespace imbrex
