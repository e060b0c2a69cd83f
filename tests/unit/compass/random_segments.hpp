// Random networks of channel-wise operators and convolutions with random units, and a twin of
// SliceTraffic that keeps one entry per channel of every tensor.
#pragma once

#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/segments/segment_traffic.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace imbrex::test {

class RandomSegments {
 public:
  explicit RandomSegments(std::uint64_t seed) : random_(97, seed) {
    build();
    place();
  }

  const Workload& workload() const { return *workload_; }
  const std::vector<segments::ChannelHome>& homes() const { return homes_; }
  std::int32_t positions() const { return positions_; }

  std::int64_t load_bits(std::int32_t begin, std::int32_t end) const {
    std::int64_t bits = 0;
    for (const Channel& channel : channels_) {
      const bool used = std::any_of(channel.users.begin(), channel.users.end(),
                                    [&](auto user) { return user >= begin && user < end; });
      bits += channel.origin < begin && used ? channel.bits : 0;
    }
    return bits;
  }
  std::int64_t store_bits(std::int32_t begin, std::int32_t end) const {
    std::int64_t bits = 0;
    for (const Channel& channel : channels_) {
      const bool used = channel.is_output || std::any_of(channel.users.begin(), channel.users.end(),
                                                         [&](auto user) { return user >= end; });
      bits += channel.origin >= begin && channel.origin < end && used ? channel.bits : 0;
    }
    return bits;
  }

 private:
  struct Channel {
    std::int32_t origin = -1;
    std::int64_t bits = 0;
    bool is_output = false;
    std::set<std::int32_t> users;
  };
  // How an operator without weights makes its channels: (operand, channel) lists.
  struct Recipe {
    bool weights = false;
    std::int64_t groups = 1;
    std::vector<TensorId> operands;
    std::vector<std::vector<std::pair<std::size_t, std::int64_t>>> needs;  // per output channel
  };

  std::int64_t channels_of(TensorId id) const { return builder_->at(id).shape[1]; }
  TensorId any() { return tensors_[random_.below(tensors_.size())]; }

  void build() {
    builder_.emplace("random");
    tensors_.push_back(builder_->input("x", {4, {1, random_.between(1, 6), 2, 2, 1, 1}}, 4));
    const std::int64_t count = random_.between(2, 9);
    for (std::int64_t i = 0; i < count; ++i) {
      add("op" + std::to_string(i), i == 0 ? 0 : random_.below(7));
    }
    workload_.emplace(builder_->finish());
  }

  void add(const std::string& name, std::uint64_t kind) {
    const TensorId x = any();
    Recipe recipe;
    recipe.operands = {x};
    TensorId made = TensorId::none;
    if (kind <= 2) {
      ConvolutionParams params;
      params.groups = channels_of(x) % 2 == 0 && kind == 2 ? 2 : 1;
      params.output_channels = params.groups * random_.between(1, 4);
      params.weight_bits = params.output_bits = 4;
      made = builder_->convolution(name, x, params);
      recipe.weights = true;
      recipe.groups = params.groups;
    } else if (kind == 3) {
      const TensorId y = any();
      const TensorId operands[] = {x, y};
      recipe.operands.push_back(y);
      made = builder_->concat(name, operands, 1);
      copy_channels(recipe, 0, channels_of(x));
      copy_channels(recipe, 1, channels_of(y));
    } else if (kind == 4 && channels_of(x) > 1) {
      const std::int64_t end = random_.between(1, channels_of(x));
      made = builder_->slice(name, x, 1, 0, end);
      copy_channels(recipe, 0, end);
    } else {
      const TensorId y = any();
      const bool same = channels_of(x) == channels_of(y) && x != y;
      const TensorId operands[] = {x, y};
      made = same ? builder_->elementwise(name, operands) : builder_->activation(name, x);
      copy_channels(recipe, 0, channels_of(x));
      if (same) {
        recipe.operands.push_back(y);
        for (std::size_t c = 0; c < recipe.needs.size(); ++c) {
          recipe.needs[c].emplace_back(1, static_cast<std::int64_t>(c));
        }
      }
    }
    tensors_.push_back(made);
    recipes_.push_back(recipe);
  }

  static void copy_channels(Recipe& recipe, std::size_t operand, std::int64_t count) {
    for (std::int64_t c = 0; c < count; ++c) {
      recipe.needs.push_back({{operand, c}});
    }
  }

  std::size_t first_channel(TensorId id) const { return first_[index(id)]; }

  void place() {
    for (const Tensor& tensor : workload_->tensors()) {
      first_.push_back(channels_.size());
      for (std::int64_t c = 0; c < tensor.shape[1]; ++c) {
        channels_.push_back({-1, tensor.shape.elements() / tensor.shape[1] * 4, false, {}});
      }
    }
    for (std::size_t i = 0; i < recipes_.size(); ++i) {
      recipes_[i].weights ? place_weights(i) : place_other(i);
    }
    for (const TensorId output : workload_->outputs()) {
      for (std::int64_t c = 0; c < workload_->at(output).shape[1]; ++c) {
        channels_[first_channel(output) + static_cast<std::size_t>(c)].is_output = true;
      }
    }
  }

  // Random units; each reads every input channel of the groups it touches.
  void place_weights(std::size_t i) {
    const Operator& op = workload_->operators()[i];
    const std::int64_t outputs = workload_->at(op.output).shape[1];
    const std::int64_t inputs = workload_->at(op.inputs[0]).shape[1];
    const std::int64_t per_group = outputs / recipes_[i].groups;
    for (std::int64_t begin = 0; begin < outputs;) {
      const std::int64_t end =
          recipes_[i].groups > 1 ? begin + per_group : random_.between(begin + 1, outputs);
      homes_.push_back({operator_id(i), {begin, end}, positions_});
      for (std::int64_t c = begin; c < end; ++c) {
        channels_[first_channel(op.output) + static_cast<std::size_t>(c)].origin = positions_;
      }
      const std::int64_t step = inputs / recipes_[i].groups;
      const std::int64_t group = begin / per_group;
      for (std::int64_t c = group * step; c < (group + 1) * step; ++c) {
        channels_[first_channel(op.inputs[0]) + static_cast<std::size_t>(c)].users.insert(
            positions_);
      }
      ++positions_;
      begin = end;
    }
  }

  void place_other(std::size_t i) {
    const Recipe& recipe = recipes_[i];
    const Operator& op = workload_->operators()[i];
    for (std::size_t c = 0; c < recipe.needs.size(); ++c) {
      std::int32_t position = -1;
      for (const auto& [operand, channel] : recipe.needs[c]) {
        position = std::max(position, source(recipe, operand, channel).origin);
      }
      for (const auto& [operand, channel] : recipe.needs[c]) {
        source(recipe, operand, channel).users.insert(position);
      }
      channels_[first_channel(op.output) + c].origin = position;
    }
  }
  Channel& source(const Recipe& recipe, std::size_t operand, std::int64_t channel) {
    return channels_[first_channel(recipe.operands[operand]) + static_cast<std::size_t>(channel)];
  }

  Random random_;
  std::optional<WorkloadBuilder> builder_;
  std::optional<Workload> workload_;
  std::vector<TensorId> tensors_;
  std::vector<Recipe> recipes_;  // per operator
  std::vector<segments::ChannelHome> homes_;
  std::int32_t positions_ = 0;
  std::vector<std::size_t> first_;  // per tensor
  std::vector<Channel> channels_;
};

}  // namespace imbrex::test
