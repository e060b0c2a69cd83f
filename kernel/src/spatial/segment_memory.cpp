#include <imbrex/error.hpp>
#include <imbrex/segment_memory.hpp>

#include <algorithm>
#include <vector>

namespace imbrex {
namespace {

class Accountant {
 public:
  Accountant(const Workload& workload, const PipelineProblem& problem,
             std::span<const std::int32_t> segment_of, std::int32_t segment,
             std::int64_t retained_bits)
      : workload_(workload),
        problem_(problem),
        segment_of_(segment_of),
        segment_(segment),
        retained_bits_(retained_bits),
        count_(problem.layers.size()),
        leaves_(count_, 0),
        fed_inside_(count_, false),
        entering_(count_, 0),
        entering_retained_(count_, 0) {}

  SegmentMemory run() {
    for (std::size_t i = 0; i + 1 < count_; ++i) {
      if (problem_.layers[i].joins_next) {
        pass(i, i + 1, problem_.layers[i].handed_words);
      }
    }
    for (const SkipTensor& skip : problem_.skips) {
      pass(static_cast<std::size_t>(skip.producer), static_cast<std::size_t>(skip.consumer),
           skip.words);
    }
    for (std::size_t i = 0; i < count_; ++i) {
      if (inside(i)) {
        add_layer(i);
      }
    }
    return memory_;
  }

 private:
  bool inside(std::size_t layer) const noexcept { return segment_of_[layer] == segment_; }
  const Operator& op(std::size_t layer) const { return workload_.at(problem_.operators[layer]); }
  std::int64_t output_bits(std::size_t layer) const {
    return workload_.at(op(layer).output).bits_per_element;
  }

  void pass(std::size_t from, std::size_t to, std::int64_t words) {
    if (to >= count_) {
      leaves_[from] = std::max(leaves_[from], words * output_bits(from));
      return;
    }
    if (inside(from) && inside(to)) {
      fed_inside_[to] = true;
    } else if (inside(to)) {
      const std::int64_t bits = words * output_bits(from);
      (bits <= retained_bits_ ? entering_retained_ : entering_)[to] += bits;
    } else if (inside(from)) {
      leaves_[from] = std::max(leaves_[from], words * output_bits(from));
    }
  }

  void add_layer(std::size_t i) {
    const PipelineLayer& layer = problem_.layers[i];
    memory_.weight_bits += layer.weight_words * op(i).weight_bits_per_element;
    if (fed_inside_[i]) {
      memory_.load_bits += entering_[i];
      memory_.retained_in_bits += entering_retained_[i];
    } else {
      const std::int64_t whole = layer.input_words * input_bits(i);
      const bool waits = i > 0 && whole <= retained_bits_;
      (waits ? memory_.retained_in_bits : memory_.load_bits) += whole;
    }
    // The last layer of a run writes all it makes, others what somebody outside needs.
    const bool is_last = i + 1 == count_ || !inside(i + 1);
    const std::int64_t out = is_last ? layer.output_words * output_bits(i) : leaves_[i];
    const bool waits = i + 1 < count_ && out <= retained_bits_;
    (waits ? memory_.retained_out_bits : memory_.store_bits) += out;
  }

  std::int64_t input_bits(std::size_t i) const {
    return op(i).inputs.empty() ? 0 : workload_.at(op(i).inputs.front()).bits_per_element;
  }

  const Workload& workload_;
  const PipelineProblem& problem_;
  std::span<const std::int32_t> segment_of_;
  std::int32_t segment_;
  std::int64_t retained_bits_;
  std::size_t count_;
  std::vector<std::int64_t> leaves_;  // bits that other segments read; 0: none
  std::vector<bool> fed_inside_;
  std::vector<std::int64_t> entering_;
  std::vector<std::int64_t> entering_retained_;
  SegmentMemory memory_;
};

}  // namespace

SegmentMemory segment_memory(const Workload& workload, const PipelineProblem& problem,
                             std::span<const std::int32_t> segment_of, std::int32_t segment,
                             std::int64_t retained_bits) {
  IMBREX_ASSERT(segment_of.size() == problem.layers.size());
  return Accountant(workload, problem, segment_of, segment, retained_bits).run();
}

}  // namespace imbrex
