#include "model.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <tuple>

namespace imbrex::simulator {
namespace {

// What a job computes, without what it sums over.
using OutputBox = std::array<Interval, 5>;

OutputBox output_box(const DimBox& box) noexcept {
  return {box[Dim::N], box[Dim::G], box[Dim::K], box[Dim::P], box[Dim::Q]};
}

std::int64_t elements_of(const DimBox& box) noexcept {
  std::int64_t product = 1;
  for (const Interval& interval : output_box(box)) {
    product *= interval.extent();
  }
  return product;
}

std::array<std::int64_t, 5> corner_of(const DimBox& box) noexcept {
  const OutputBox output = output_box(box);
  std::array<std::int64_t, 5> corner{};
  std::transform(output.begin(), output.end(), corner.begin(),
                 [](const Interval& interval) { return interval.begin; });
  return corner;
}

// Of jobs that add to the same elements only the last stays. What two jobs of a nest compute is
// equal or disjoint.
void keep_last_writers(std::vector<std::size_t>& writers, std::span<const JobEntry> jobs,
                       std::span<const DimBox> boxes) {
  const auto key = [&](std::size_t i) {
    return std::tuple(corner_of(boxes[i]), jobs[i].step, jobs[i].server);
  };
  std::sort(writers.begin(), writers.end(),
            [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < writers.size(); ++i) {
    if (i + 1 == writers.size() ||
        output_box(boxes[writers[i]]) != output_box(boxes[writers[i + 1]])) {
      writers[kept++] = writers[i];
    }
  }
  writers.resize(kept);
}

}  // namespace

std::vector<double> job_shares(std::span<const JobEntry> jobs, std::span<const DimBox> boxes) {
  std::vector<std::size_t> writers;
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (!boxes[i].empty()) {
      writers.push_back(i);
    }
  }
  keep_last_writers(writers, jobs, boxes);
  std::int64_t elements = 0;
  for (const std::size_t i : writers) {
    elements += elements_of(boxes[i]);
  }
  std::vector<double> shares(boxes.size(), 0);
  for (const std::size_t i : writers) {
    shares[i] = static_cast<double>(elements_of(boxes[i])) / static_cast<double>(elements);
  }
  return shares;
}

Lists Lists::transposed(std::size_t count) const {
  Lists result;
  result.begin.assign(count + 1, 0);
  result.values.resize(values.size());
  for (const Index j : values) {
    ++result.begin[j + 1];
  }
  for (std::size_t j = 0; j < count; ++j) {
    result.begin[j + 1] += result.begin[j];
  }
  std::vector<Index> fill(result.begin.begin(), result.begin.end() - 1);
  for (std::size_t i = 0; i < size(); ++i) {
    for (const Index j : (*this)[i]) {
      result.values[fill[j]++] = static_cast<Index>(i);
    }
  }
  return result;
}

std::int64_t Model::dependencies() const {
  std::vector<Index> met(jobs.size(), std::numeric_limits<Index>::max());
  std::int64_t count = 0;
  for (Index batch = 0; batch < first_phase_batch; ++batch) {
    for (const Index gate : batch_gates[batch]) {
      for (const Index writer : gate_writers[gate]) {
        count += met[writer] == batch || writer >= first_phase_job ? 0 : 1;
        met[writer] = batch;
      }
    }
  }
  return count;
}

void Model::transpose() {
  job_gates = gate_writers.transposed(jobs.size());
  gate_readers = batch_gates.transposed(gate_delay_ps.size());
}

}  // namespace imbrex::simulator
