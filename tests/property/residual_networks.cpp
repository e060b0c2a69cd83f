#include "residual_networks.hpp"

#include "layers.hpp"

#include <imbrex/values/workload_builder.hpp>

#include <string>
#include <vector>

namespace imbrex::property {
namespace {

constexpr std::int64_t kChannels = 4;
constexpr std::int64_t kRows = 6;
constexpr std::int64_t kColumns = 2;

class Generator {
 public:
  explicit Generator(Random& random) : random_(random) {}

  Workload generate(std::int64_t blocks) {
    stream_ = builder_.input("x", test::image(kChannels, kRows, kColumns));
    const std::int64_t images = random_.between(0, blocks);
    for (std::int64_t i = 0; i < blocks; ++i) {
      if (i == images) {
        turn_into_tokens();
      }
      add(is_tokens_ ? token_branch() : image_branch());
    }
    is_tokens_ ? builder_.dense(name("last"), stream_, kChannels)
               : builder_.convolution(name("last"), stream_, test::convolution(kChannels, 3));
    return builder_.finish();
  }

 private:
  std::string name(const char* word) { return word + std::to_string(next_++); }

  // The stream goes on as the sum of itself and the branch, at times of an older tensor, too.
  void add(TensorId branch) {
    std::vector<TensorId> operands{stream_, branch};
    if (random_.below(2) == 0) {
      std::swap(operands[0], operands[1]);
    }
    if (!older_.empty() && random_.below(4) == 0) {
      operands.push_back(older_[random_.below(older_.size())]);
    }
    older_.push_back(stream_);
    stream_ = builder_.elementwise(name("add"), operands);
    if (random_.below(3) == 0) {
      stream_ = builder_.activation(name("act"), stream_);
    }
  }

  TensorId image_branch() {
    TensorId at = random_.below(8) == 0 && !older_.empty() ? older_.back() : stream_;
    for (std::int64_t i = random_.between(1, 3); i > 0; --i) {
      at = image_layer(at);
    }
    return at;
  }

  TensorId image_layer(TensorId at) {
    ConvolutionParams params = test::convolution(kChannels, 3);
    switch (random_.below(12)) {
      case 0:
        return builder_.activation(name("act"), at);
      case 1:
        return builder_.pool(name("pool"), at, params.window);
      case 2:
        return shifted(at);
      case 3:
        params.groups = random_.below(2) == 0 ? 2 : kChannels;
        break;
      case 4:  // a hole in the middle of what it reads, or beside it
        params.window.dilation = {2, 2};
        params.window.pad_begin = params.window.pad_end = {2, 2};
        break;
      case 5:
        return scaled(at);
      case 6:
        return joined(at);
      case 7:
        params = test::convolution(kChannels, 1);
        break;
      case 8:
      case 9:
        return in_parts(at);
      default:
        break;
    }
    return builder_.convolution(name("conv"), at, params);
  }

  // Rows move down by one.
  TensorId shifted(TensorId at) {
    const TensorId kept = builder_.slice(name("slice"), at, 2, 0, kRows - 1);
    const std::int64_t begin[] = {0, 0, 1, 0};
    const std::int64_t end[] = {0, 0, 0, 0};
    return builder_.pad(name("pad"), kept, begin, end);
  }

  // Every second or third row, and each of them again so often.
  TensorId scaled(TensorId at) {
    const TensorId half = builder_.slice(name("slice"), at, 2, 0, kRows, random_.between(2, 3));
    return builder_.resize(name("resize"), half, builder_.at(at).shape,
                           WorkloadBuilder::ResizeMode::nearest);
  }

  // Channels of two tensors.
  TensorId joined(TensorId at) {
    const TensorId operands[] = {builder_.convolution(name("conv"), at, test::convolution(2, 3)),
                                 at};
    const TensorId both = builder_.concat(name("concat"), operands, 1);
    const std::int64_t first = random_.between(0, 2);
    return builder_.slice(name("slice"), both, 1, first, first + kChannels);
  }

  // As a partitioner splits a layer; at times a part reads something else, or less.
  TensorId in_parts(TensorId at) {
    const std::int64_t first = random_.between(1, kChannels - 1);
    TensorId other = at;
    if (random_.below(4) == 0) {
      other = older_.empty() || random_.below(2) == 0 ? scaled(at) : older_.back();
    }
    const TensorId parts[] = {
        builder_.convolution(name("part"), at, test::convolution(first, 3)),
        builder_.convolution(name("part"), other, test::convolution(kChannels - first, 3))};
    return builder_.concat(name("parts"), parts, 1);
  }

  // Units of a layer, in parts at times.
  TensorId dense(TensorId at, std::int64_t units) {
    if (random_.below(2) == 0) {
      return builder_.dense(name("dense"), at, units);
    }
    const std::int64_t first = random_.between(1, units - 1);
    const TensorId parts[] = {builder_.dense(name("part"), at, first),
                              builder_.dense(name("part"), at, units - first)};
    return builder_.concat(name("parts"), parts, 2);
  }

  void turn_into_tokens() {
    Shape rows{3, {1, kChannels, kRows * kColumns, 1, 1, 1}};
    const std::int64_t order[] = {0, 2, 1};
    stream_ =
        builder_.transpose(name("transpose"), builder_.reshape(name("flat"), stream_, rows), order);
    older_.clear();
    is_tokens_ = true;
  }

  TensorId token_branch() {
    const std::int64_t last_axis[] = {2};
    const TensorId normal =
        random_.below(2) == 0 ? builder_.normalization(name("norm"), stream_, last_axis) : stream_;
    if (random_.below(2) == 0) {
      const TensorId wide = dense(normal, 2 * kChannels);
      return dense(builder_.activation(name("act"), wide), kChannels);
    }
    return attention(normal);
  }

  // Two heads of half the channels.
  TensorId attention(TensorId tokens) {
    const std::int64_t last_axis[] = {3};
    const TensorId scores =
        builder_.matmul(name("scores"), heads(tokens, {0, 2, 1, 3}), heads(tokens, {0, 2, 3, 1}));
    const TensorId mixed =
        builder_.matmul(name("mix"), builder_.softmax(name("softmax"), scores, last_axis),
                        heads(tokens, {0, 2, 1, 3}));
    const std::int64_t back[] = {0, 2, 1, 3};
    const Shape shape = builder_.at(tokens).shape;  // what the builder holds moves as it grows
    const TensorId merged =
        builder_.reshape(name("merge"), builder_.transpose(name("transpose"), mixed, back), shape);
    return dense(merged, kChannels);
  }

  TensorId heads(TensorId tokens, const std::array<std::int64_t, 4>& order) {
    const Shape split{4, {1, kRows * kColumns, 2, kChannels / 2, 1, 1}};
    const TensorId made = dense(tokens, kChannels);
    return builder_.transpose(name("transpose"), builder_.reshape(name("split"), made, split),
                              order);
  }

  Random& random_;
  WorkloadBuilder builder_{"residual"};
  TensorId stream_ = TensorId::none;
  std::vector<TensorId> older_;
  bool is_tokens_ = false;
  int next_ = 0;
};

}  // namespace

Workload residual_network(std::int64_t blocks, Random& random) {
  return Generator(random).generate(blocks);
}

}  // namespace imbrex::property
