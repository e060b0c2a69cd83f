#include "model.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <tuple>

namespace imbrex::simulator {
namespace {

using Corner = std::array<std::int64_t, kMaxRank>;

Corner corner_of(const Region& region) {
  Corner corner{};
  for (std::size_t axis = 0; axis < region.rank; ++axis) {
    corner[axis] = region.axis[axis].begin;
  }
  return corner;
}

// Of equal regions only the last to be written stays. Those of one operator are equal or disjoint.
void keep_last_writers(std::vector<std::size_t>& writers, std::span<const JobEntry> jobs,
                       std::span<const Region> regions) {
  const auto key = [&](std::size_t i) {
    return std::tuple(corner_of(regions[i]), jobs[i].step, jobs[i].server);
  };
  std::sort(writers.begin(), writers.end(),
            [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < writers.size(); ++i) {
    if (i + 1 == writers.size() || regions[writers[i]] != regions[writers[i + 1]]) {
      writers[kept++] = writers[i];
    }
  }
  writers.resize(kept);
}

}  // namespace

std::vector<double> job_shares(std::span<const JobEntry> jobs, std::span<const Region> regions) {
  std::vector<std::size_t> writers;
  for (std::size_t i = 0; i < regions.size(); ++i) {
    if (!regions[i].empty()) {
      writers.push_back(i);
    }
  }
  keep_last_writers(writers, jobs, regions);
  std::int64_t elements = 0;
  for (const std::size_t i : writers) {
    elements += regions[i].elements();
  }
  std::vector<double> shares(regions.size(), 0);
  for (const std::size_t i : writers) {
    shares[i] = static_cast<double>(regions[i].elements()) / static_cast<double>(elements);
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
