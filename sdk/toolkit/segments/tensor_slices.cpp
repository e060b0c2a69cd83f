#include "segments/tensor_slices.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/segments/weight_units.hpp>
#include <imbrex/values/segments.hpp>

#include <algorithm>

namespace imbrex::segments {
namespace {

class Slicer {
 public:
  Slicer(const Workload& workload, std::span<const ChannelHome> homes)
      : workload_(workload), homes_(homes), tensors_(workload.tensors().size()) {}

  std::vector<TensorSlices> run() {
    for (const TensorId input : workload_.inputs()) {
      whole(input, -1, workload_.at(input).shape.rank > 1 ? 1 : 0);
    }
    for (std::size_t i = 0; i < workload_.operators().size(); ++i) {
      const OperatorId id = operator_id(i);
      const Operator& op = workload_.at(id);
      if (next_ < homes_.size() && homes_[next_].op == id) {
        place_listed(id, op);
      } else {
        place_other(op);
      }
    }
    return std::move(tensors_);
  }

 private:
  TensorSlices& at(TensorId id) noexcept { return tensors_[index(id)]; }

  void whole(TensorId id, std::int32_t position, std::size_t axis) {
    at(id).axis = axis;
    at(id).slices = {{{0, workload_.at(id).shape[axis]}, position}};
  }

  // The axis that keeps the channels of the inputs apart, whether anybody has cut them or not: what
  // is read must not depend on how finely others are cut.
  std::size_t inherited_axis(const Operator& op) const noexcept {
    for (std::size_t i = 0; i < op.inputs.size(); ++i) {
      const AxisRule& rule = op.maps[i].rule(tensors_[index(op.inputs[i])].axis);
      if (rule.kind != AxisRule::Kind::fixed) {
        return rule.output_axis;
      }
    }
    // An axis of extent 1 is whole to every rule.
    const std::size_t same = op.inputs.empty() ? 0 : tensors_[index(op.inputs.front())].axis;
    return same < workload_.at(op.output).shape.rank ? same : 0;
  }

  void place_listed(OperatorId id, const Operator& op) {
    TensorSlices& output = at(op.output);
    output.axis = channel_axis(op, workload_.at(op.output).shape);
    for (; next_ < homes_.size() && homes_[next_].op == id; ++next_) {
      const ChannelHome& home = homes_[next_];
      const DimBox box = unit_box(op, home.channels);
      output.slices.push_back({workload_.output_region(id, box).axis[output.axis], home.position});
      for (std::size_t i = 0; i < op.inputs.size(); ++i) {
        at(op.inputs[i]).needs.push_back({workload_.input_region(id, i, box), home.position});
      }
    }
  }

  // The latest position among the parts of the inputs that the output region needs.
  std::int32_t position_of(const Operator& op, const Region& output) const noexcept {
    std::int32_t latest = -1;
    for (std::size_t i = 0; i < op.inputs.size(); ++i) {
      const TensorSlices& input = tensors_[index(op.inputs[i])];
      const Region region = op.maps[i].apply(output);
      if (region.empty()) {
        continue;
      }
      const Interval needed = region.axis[input.axis];
      auto slice = std::partition_point(
          input.slices.begin(), input.slices.end(),
          [&](const TensorSlice& s) { return s.interval.end <= needed.begin; });
      for (; slice != input.slices.end() && slice->interval.begin < needed.end; ++slice) {
        latest = std::max(latest, slice->position);
      }
    }
    return latest;
  }

  std::vector<TensorSlice> slices_along(const Operator& op, std::size_t axis) const {
    std::vector<TensorSlice> slices;
    Region region = Region::whole(workload_.at(op.output).shape);
    const std::int64_t extent = region.axis[axis].end;
    for (std::int64_t x = 0; x < extent; ++x) {
      region.axis[axis] = {x, x + 1};
      const std::int32_t position = position_of(op, region);
      if (slices.empty() || slices.back().position != position) {
        slices.push_back({{x, x + 1}, position});
      }
      slices.back().interval.end = x + 1;
    }
    return slices;
  }

  // The mean position over the output when it is cut along the axis.
  double mean_position(std::span<const TensorSlice> slices) const noexcept {
    double sum = 0;
    for (const TensorSlice& slice : slices) {
      sum += static_cast<double>(slice.position) * static_cast<double>(slice.interval.extent());
    }
    return sum / static_cast<double>(slices.back().interval.end);
  }

  // Along the axis that lets most of the output exist early (ties: the inherited one).
  void choose_axis(const Operator& op) {
    const Shape& shape = workload_.at(op.output).shape;
    TensorSlices& output = at(op.output);
    output.axis = inherited_axis(op);
    output.slices = slices_along(op, output.axis);
    for (std::size_t axis = 0; axis < shape.rank; ++axis) {
      if (shape[axis] == 1 || axis == output.axis) {
        continue;
      }
      std::vector<TensorSlice> slices = slices_along(op, axis);
      if (mean_position(slices) < mean_position(output.slices)) {
        output.axis = axis;
        output.slices = std::move(slices);
      }
    }
  }

  void place_other(const Operator& op) {
    const bool sliced = std::any_of(op.inputs.begin(), op.inputs.end(),
                                    [&](TensorId input) { return at(input).slices.size() > 1; });
    const bool several = std::any_of(op.inputs.begin(), op.inputs.end(), [&](TensorId input) {
      return at(input).slices.front().position != at(op.inputs.front()).slices.front().position;
    });
    if ((sliced || several) && workload_.at(op.output).shape.rank > 0) {
      choose_axis(op);
    } else {
      whole(op.output, position_of(op, Region::whole(workload_.at(op.output).shape)),
            inherited_axis(op));
    }
    const TensorSlices& output = at(op.output);
    Region region = Region::whole(workload_.at(op.output).shape);
    for (const TensorSlice& slice : output.slices) {
      region.axis[output.axis] = slice.interval;
      for (std::size_t i = 0; i < op.inputs.size(); ++i) {
        const Region needed = op.maps[i].apply(region);
        if (!needed.empty()) {
          at(op.inputs[i]).needs.push_back({needed, slice.position});
        }
      }
    }
  }

  const Workload& workload_;
  std::span<const ChannelHome> homes_;
  std::size_t next_ = 0;  // home
  std::vector<TensorSlices> tensors_;
};

}  // namespace

std::vector<TensorSlices> slice_tensors(const Workload& workload,
                                        std::span<const ChannelHome> homes) {
  return Slicer(workload, homes).run();
}

}  // namespace imbrex::segments
