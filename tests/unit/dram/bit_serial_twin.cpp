#include "bit_serial_twin.hpp"

#include "job_elements.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace imbrex::bit_serial {
namespace {

std::int64_t ceil_ratio(long double x) {
  return static_cast<std::int64_t>(std::ceil(x - 1e-9L));
}

std::int64_t tree_levels(std::int64_t fan_in) {
  std::int64_t levels = 0;
  while ((std::int64_t{1} << levels) < fan_in) {
    ++levels;
  }
  return levels;
}

// Products that no counting is needed for.
struct FanOut {
  std::int64_t lane_fan_in = 1;
  std::int64_t fan_in = 1;
  std::int64_t banks = 1;
  std::int64_t servers = 1;
  std::int64_t bank_fan_in = 1;

  explicit FanOut(const Mapping& m) {
    for (std::size_t i = 0; i < m.count; ++i) {
      const Loop& loop = m.loops[i];
      if (loop.kind == LoopKind::temporal) {
        continue;
      }
      const bool outer = i < m.outer;
      const bool reduces = is_reduction(loop.dim);
      (outer ? servers : lane_fan_in) *= outer || reduces ? loop.bound : 1;
      fan_in *= outer && reduces ? loop.bound : 1;
      banks *= loop.level == 1 ? loop.bound : 1;
      bank_fan_in *= loop.level == 1 && reduces ? loop.bound : 1;
    }
  }
};

using Operands = std::array<std::set<Element>, 2>;

// All steps of one bank, and in each of them every iteration of one lane.
class Walk {
 public:
  Walk(const Workload& workload, OperatorId id, const Mapping& m, Hold hold)
      : workload_(workload), op_(workload.at(id)), m_(m), hold_(hold) {
    walk(m, 0, m.outer, LoopKind::temporal, Point{}, [&](const Point& low) { step(low); });
    hold_operands(held);
  }

  // Tiles of outputs that wait for more contributions at the same time.
  std::int64_t most_open() const {
    std::int64_t most = 0;
    for (std::int64_t t = 0; t < steps; ++t) {
      most = std::max(most, std::count_if(open.begin(), open.end(), [&](const auto& tile) {
                        return tile.second.first <= t && t <= tile.second.second;
                      }));
    }
    return most;
  }

  std::int64_t steps = 0;
  std::int64_t in_bits = 0;                                       // that a bank lacks
  std::map<Element, std::pair<std::int64_t, std::int64_t>> open;  // tile: first, last step
  std::int64_t macs = 0;                                          // of a lane in the first step
  std::set<Element> outputs_of_job;                               // the same
  Operands held;                                                  // the same
  std::set<Element> weights;                                      // of a lane, ever

 private:
  void touch(const Point& at, Operands& operands) const {
    for (std::size_t i = 0; i < op_.inputs.size(); ++i) {
      bool touched = true;
      const Element e = element(op_, i, workload_.at(op_.inputs[i]).shape.rank, at, touched);
      if (touched) {
        operands[i].insert(e);
      }
    }
  }

  void hold_operands(Operands& operands) const {
    for (std::size_t i = 0; i < op_.inputs.size(); ++i) {
      operands[i] = held_of(operands[i], workload_.at(op_.inputs[i]).shape, hold_);
    }
  }

  void step(const Point& low) {
    Operands now;
    points_of_job(m_, low, [&](const Point& at) { touch(at, now); });
    hold_operands(now);
    for (std::size_t i = 0; i < op_.inputs.size(); ++i) {
      for (const Element& e : now[i]) {
        in_bits += before_[i].count(e) ? 0 : workload_.at(op_.inputs[i]).bits_per_element;
      }
    }
    before_ = now;
    const Element tile = select(low, {Dim::N, Dim::G, Dim::K, Dim::P, Dim::Q});
    open.try_emplace(tile, steps, steps).first->second.second = steps;
    walk(m_, m_.outer, m_.count, LoopKind::temporal, low, [&](const Point& at) { iterate(at); });
    ++steps;
  }

  void iterate(const Point& at) {
    weights.insert(select(at, {Dim::G, Dim::K, Dim::C, Dim::R, Dim::S}));
    if (steps == 0) {
      ++macs;
      outputs_of_job.insert(select(at, {Dim::N, Dim::G, Dim::K, Dim::P, Dim::Q}));
      touch(at, held);
    }
  }

  const Workload& workload_;
  const Operator& op_;
  const Mapping& m_;
  Hold hold_;
  Operands before_;  // what the bank held one step ago
};

std::int64_t rows_of(const Walk& walk, const Operator& op, const Options& options) {
  const auto lane_outputs = static_cast<std::int64_t>(walk.outputs_of_job.size());
  std::int64_t rows =
      options.scratch_rows + lane_outputs * walk.most_open() * options.accumulator_bits;
  if (op.stationary_weights) {
    rows += static_cast<std::int64_t>(walk.weights.size()) * 8;
  }
  for (std::size_t i = 0; i < op.inputs.size(); ++i) {
    rows += static_cast<std::int64_t>(walk.held[i].size()) * 8 * (options.double_buffering ? 2 : 1);
  }
  return rows;
}

// Per step, over the way of one bank and the channel that `sharers` of them share.
std::int64_t link_ps(std::int64_t bits, std::int64_t sharers, std::int64_t steps) {
  const auto n = static_cast<long double>(steps);
  return std::max(ceil_ratio(static_cast<long double>(bits) / 0.3L / n),
                  ceil_ratio(static_cast<long double>(bits * sharers) / 0.5L / n));
}

}  // namespace

Twin twin(const Workload& workload, OperatorId id, const Mapping& m, const Options& options,
          Hold hold) {
  const Operator& op = workload.at(id);
  const FanOut fan(m);
  const Walk walked(workload, id, m, hold);
  // What all jobs do, dealt evenly.
  const auto macs = static_cast<std::int64_t>(
      std::ceil(static_cast<double>(walked.macs) * share_with_data(workload, op) - 1e-9));
  const auto lane_outputs = static_cast<std::int64_t>(walked.outputs_of_job.size());
  const auto tiles = static_cast<std::int64_t>(walked.open.size());
  std::int64_t tile_elements = 1;
  for (const Dim d : {Dim::N, Dim::G, Dim::K, Dim::P, Dim::Q}) {
    tile_elements *= m.job_extent[index(d)];
  }
  const std::int64_t out_bits = tiles * tile_elements * 8;
  const std::int64_t sum_bits = tile_elements * options.accumulator_bits;
  const std::int64_t reductions = tree_levels(fan.lane_fan_in) * lane_outputs;

  Twin result;
  result.steps = walked.steps;
  result.rows = rows_of(walked, op, options);
  const std::int64_t compute = macs * (1009 + 101) + reductions * (53 + 101);
  const std::int64_t in = link_ps(walked.in_bits, fan.banks, walked.steps);
  const std::int64_t out = link_ps(out_bits, fan.banks / fan.bank_fan_in, walked.steps);
  result.step_ps = options.double_buffering ? std::max({compute, in, out}) : compute + in + out;
  result.completion_ps =
      tree_levels(fan.fan_in) *
      (ceil_ratio(static_cast<long double>(sum_bits) / 0.3L) + lane_outputs * 101);
  // Every bank adds up its jobs; banks of a reduction hand their sums to one of them.
  for (std::int64_t s = 0; s < fan.servers; ++s) {
    const bool root = s % fan.fan_in == 0;
    result.energy_pj += static_cast<double>(walked.steps) *
                        static_cast<double>(macs * (11 + 7) + reductions * (13 + 7));
    result.energy_pj += 7.0 * static_cast<double>(walked.in_bits);
    result.energy_pj +=
        7.0 * static_cast<double>(root ? out_bits : tiles * (lane_outputs + sum_bits));
  }
  return result;
}

}  // namespace imbrex::bit_serial
