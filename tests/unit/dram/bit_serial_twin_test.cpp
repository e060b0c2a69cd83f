// The cost model against a slow twin that walks every step and every MAC of a lane and counts what
// it meets (specification fast-overlapim section 2.3).
#include "bit_serial_model.hpp"

#include <imbrex/map_space.hpp>
#include <imbrex/workload_builder.hpp>

#include <cmath>
#include <functional>
#include <map>
#include <set>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using bit_serial::Options;
using Point = std::array<std::int64_t, kDimCount>;

// Two channels of four banks with sixteen lanes; prime times, so that no term hides another.
struct Chip {
  Chip() {
    levels[0] = {"channel", 2, 0, 0, 0.5, 0.5, 3, 3, ""};
    levels[1] = {"bank", 8, 0, 0, 0.3, 0.3, 4, 4, ""};
    unit.kind = UnitKind::bit_serial_bank;
    unit.rows = 100000;
    unit.columns = 16;
    operations = {OperationCost{OperationKind::add, 0, 101, 7, ""},
                  OperationCost{OperationKind::multiply, 8, 1009, 11, ""},
                  OperationCost{OperationKind::shift, 0, 53, 13, ""},
                  OperationCost{OperationKind::copy_row, 0, 1, 1, ""}};
    view.levels = levels;
    view.units = {&unit, 1};
    view.operations = operations;
  }
  std::array<StorageLevel, 2> levels;
  ComputeUnit unit;
  std::array<OperationCost, 4> operations;
  Architecture view;
};
constexpr bit_serial::Slice kSlice{2, 4};

bool is_reduction(Dim d) {
  return d == Dim::C || d == Dim::R || d == Dim::S;
}

// Calls visit(where the loops [first, last) of one kind stand).
void walk(const Mapping& m, std::size_t first, std::size_t last, LoopKind kind, Point at,
          const std::function<void(const Point&)>& visit) {
  if (first == last) {
    visit(at);
    return;
  }
  const Loop& loop = m.loops[first];
  std::int64_t step = m.job_extent[index(loop.dim)];
  if (first < m.outer) {
    for (std::size_t i = first + 1; i < m.outer; ++i) {
      step *= m.loops[i].dim == loop.dim ? m.loops[i].bound : 1;
    }
  } else {
    step = 1;
    for (std::size_t i = first + 1; i < m.count; ++i) {
      step *= m.loops[i].dim == loop.dim ? m.loops[i].bound : 1;
    }
  }
  for (std::int64_t i = 0; i < (loop.kind == kind ? loop.bound : 1); ++i) {
    Point next = at;
    next[index(loop.dim)] += i * step;
    walk(m, first + 1, last, kind, next, visit);
  }
}

// Every point of a box of the job's extent.
void points_of_job(const Mapping& m, const Point& low,
                   const std::function<void(const Point&)>& visit) {
  Point at = low;
  std::function<void(std::size_t)> go = [&](std::size_t d) {
    if (d == kDimCount) {
      visit(at);
      return;
    }
    for (std::int64_t i = 0; i < m.job_extent[d]; ++i) {
      at[d] = low[d] + i;
      go(d + 1);
    }
    at[d] = low[d];
  };
  go(0);
}

using Element = std::vector<std::int64_t>;
Element element(const Operator& op, std::size_t input, std::size_t rank, const Point& at,
                bool& touched) {
  Element result;
  touched = true;
  for (std::size_t a = 0; a < rank; ++a) {
    const AxisProjection& p = op.input_projection[input][a];
    const std::int64_t x =
        p.factor[0] * at[index(p.dim[0])] + p.factor[1] * at[index(p.dim[1])] + p.offset;
    touched = touched && x % p.divisor == 0;
    result.push_back(x / p.divisor);
  }
  return result;
}
// Whether banks hold what they touch, or the box around it (which matters where it has holes).
enum class Hold { touched, box };

std::set<Element> held_of(const std::set<Element>& touched, const Shape& tensor, Hold hold) {
  if (hold == Hold::touched || touched.empty()) {
    return touched;
  }
  Element low = *touched.begin();
  Element high = low;
  for (const Element& e : touched) {
    for (std::size_t a = 0; a < e.size(); ++a) {
      low[a] = std::min(low[a], e[a]);
      high[a] = std::max(high[a], e[a]);
    }
  }
  std::set<Element> result;
  Element at = low;
  std::function<void(std::size_t)> go = [&](std::size_t a) {
    if (a == at.size()) {
      result.insert(at);
      return;
    }
    for (at[a] = std::max<std::int64_t>(0, low[a]); at[a] <= std::min(high[a], tensor[a] - 1);
         ++at[a]) {
      go(a + 1);
    }
  };
  go(0);
  return result;
}

Element select(const Point& at, std::initializer_list<Dim> dims) {
  Element result;
  for (const Dim d : dims) {
    result.push_back(at[index(d)]);
  }
  return result;
}

// Of all iterations, those with data: none lie between the rows that a transposed convolution
// spreads, nor beyond their ends. Padding of others is data.
double share_with_data(const Workload& workload, const Operator& op) {
  std::int64_t all = 0;
  std::int64_t needed = 0;
  Mapping whole;
  whole.job_extent = op.bounds.bound;
  points_of_job(whole, Point{}, [&](const Point& at) {
    bool touched = true;
    const Shape& tensor = workload.at(op.inputs[0]).shape;
    const Element e = element(op, 0, tensor.rank, at, touched);
    for (std::size_t a = 0; a < e.size(); ++a) {
      const bool spread = op.input_projection[0][a].divisor > 1;
      touched = touched && (!spread || (e[a] >= 0 && e[a] < tensor[a]));
    }
    ++all;
    needed += touched ? 1 : 0;
  });
  return static_cast<double>(needed) / static_cast<double>(all);
}

struct Twin {
  std::int64_t rows = 0;
  std::int64_t step_ps = 0;
  std::int64_t completion_ps = 0;
  std::int64_t steps = 0;
  double energy_pj = 0;
};

Twin twin(const Workload& workload, OperatorId id, const Mapping& m, const Options& options,
          Hold hold) {
  const Operator& op = workload.at(id);
  const auto rank = [&](std::size_t i) { return workload.at(op.inputs[i]).shape.rank; };
  const auto ceil_ratio = [](long double x) {
    return static_cast<std::int64_t>(std::ceil(x - 1e-9L));
  };
  // Products that no counting is needed for.
  std::int64_t lane_fan_in = 1, fan_in = 1, banks = 1, servers = 1, bank_fan_in = 1;
  for (std::size_t i = 0; i < m.count; ++i) {
    const Loop& loop = m.loops[i];
    if (loop.kind == LoopKind::temporal)
      continue;
    (i < m.outer ? servers : lane_fan_in) *= i < m.outer || is_reduction(loop.dim) ? loop.bound : 1;
    fan_in *= i < m.outer && is_reduction(loop.dim) ? loop.bound : 1;
    banks *= loop.level == 1 ? loop.bound : 1;
    bank_fan_in *= loop.level == 1 && is_reduction(loop.dim) ? loop.bound : 1;
  }

  // One lane: every temporal step, every iteration of its sequence.
  std::int64_t macs = 0;
  std::set<Element> outputs_of_job, weights;
  std::array<std::set<Element>, 2> held;
  bool first_step = true;
  // All steps of one bank: what it holds, what it lacks, which outputs wait.
  std::array<std::set<Element>, 2> before;
  std::int64_t in_bits = 0, step = 0;
  std::map<Element, std::pair<std::int64_t, std::int64_t>> open;  // tile: first, last step
  walk(m, 0, m.outer, LoopKind::temporal, Point{}, [&](const Point& low) {
    std::array<std::set<Element>, 2> now;
    points_of_job(m, low, [&](const Point& at) {
      for (std::size_t i = 0; i < op.inputs.size(); ++i) {
        bool touched = true;
        const Element e = element(op, i, rank(i), at, touched);
        if (touched)
          now[i].insert(e);
      }
    });
    for (std::size_t i = 0; i < op.inputs.size(); ++i) {
      now[i] = held_of(now[i], workload.at(op.inputs[i]).shape, hold);
      for (const Element& e : now[i]) {
        in_bits += before[i].count(e) ? 0 : workload.at(op.inputs[i]).bits_per_element;
      }
      before[i] = now[i];
    }
    const Element tile = select(low, {Dim::N, Dim::G, Dim::K, Dim::P, Dim::Q});
    open.try_emplace(tile, step, step).first->second.second = step;
    walk(m, m.outer, m.count, LoopKind::temporal, low, [&](const Point& at) {
      weights.insert(select(at, {Dim::G, Dim::K, Dim::C, Dim::R, Dim::S}));
      if (!first_step)
        return;
      ++macs;
      outputs_of_job.insert(select(at, {Dim::N, Dim::G, Dim::K, Dim::P, Dim::Q}));
      for (std::size_t i = 0; i < op.inputs.size(); ++i) {
        bool touched = true;
        const Element e = element(op, i, rank(i), at, touched);
        if (touched)
          held[i].insert(e);
      }
    });
    first_step = false;
    ++step;
  });
  for (std::size_t i = 0; i < op.inputs.size(); ++i) {
    held[i] = held_of(held[i], workload.at(op.inputs[i]).shape, hold);
  }
  std::int64_t most_open = 0;
  for (std::int64_t t = 0; t < step; ++t) {
    std::int64_t now = 0;
    for (const auto& [tile, life] : open) {
      now += life.first <= t && t <= life.second ? 1 : 0;
    }
    most_open = std::max(most_open, now);
  }

  // What all jobs do, dealt evenly.
  macs = static_cast<std::int64_t>(
      std::ceil(static_cast<double>(macs) * share_with_data(workload, op) - 1e-9));

  Twin result;
  result.steps = step;
  const auto lane_outputs = static_cast<std::int64_t>(outputs_of_job.size());
  result.rows = options.scratch_rows + lane_outputs * most_open * options.accumulator_bits;
  if (op.stationary_weights) {
    result.rows += static_cast<std::int64_t>(weights.size()) * 8;
  }
  for (std::size_t i = 0; i < op.inputs.size(); ++i) {
    result.rows +=
        static_cast<std::int64_t>(held[i].size()) * 8 * (options.double_buffering ? 2 : 1);
  }
  std::int64_t tile_elements = 1;
  for (const Dim d : {Dim::N, Dim::G, Dim::K, Dim::P, Dim::Q}) {
    tile_elements *= m.job_extent[index(d)];
  }
  const std::int64_t out_bits = static_cast<std::int64_t>(open.size()) * tile_elements * 8;
  const auto link = [&](std::int64_t bits, std::int64_t sharers) {
    const auto n = static_cast<long double>(step);
    return std::max(ceil_ratio(static_cast<long double>(bits) / 0.3L / n),
                    ceil_ratio(static_cast<long double>(bits * sharers) / 0.5L / n));
  };
  const auto levels = [](std::int64_t fan) {
    std::int64_t l = 0;
    while ((std::int64_t{1} << l) < fan)
      ++l;
    return l;
  };
  const std::int64_t compute =
      macs * (1009 + 101) + levels(lane_fan_in) * lane_outputs * (53 + 101);
  const std::int64_t in = link(in_bits, banks);
  const std::int64_t out = link(out_bits, banks / bank_fan_in);
  result.step_ps = options.double_buffering ? std::max({compute, in, out}) : compute + in + out;
  const std::int64_t sum_bits = tile_elements * options.accumulator_bits;
  result.completion_ps =
      levels(fan_in) * (ceil_ratio(static_cast<long double>(sum_bits) / 0.3L) + lane_outputs * 101);
  // Every bank adds up its jobs; banks of a reduction hand their sums to one of them.
  for (std::int64_t s = 0; s < servers; ++s) {
    const bool root = s % fan_in == 0;
    result.energy_pj +=
        static_cast<double>(step) *
        static_cast<double>(macs * (11 + 7) + levels(lane_fan_in) * lane_outputs * (13 + 7));
    result.energy_pj += 7.0 * static_cast<double>(in_bits);
    result.energy_pj += root ? 7.0 * static_cast<double>(out_bits)
                             : static_cast<double>(open.size()) *
                                   static_cast<double>(lane_outputs * 7 + sum_bits * 7);
  }
  return result;
}

MapSpaceSpec space_of(const LoopBounds& bounds) {
  MapSpaceSpec spec;
  spec.bounds = bounds;
  spec.slots.resize(6);
  const LoopKind kinds[] = {LoopKind::temporal, LoopKind::spatial, LoopKind::temporal,
                            LoopKind::spatial,  LoopKind::spatial, LoopKind::temporal};
  const std::uint8_t levels[] = {0, 0, 1, 1, 2, 3};
  const std::int64_t fanout[] = {0, 2, 0, 4, 16, 0};
  for (std::size_t s = 0; s < 6; ++s) {
    spec.slots[s].kind = kinds[s];
    spec.slots[s].level = levels[s];
    spec.slots[s].fanout = fanout[s];
    spec.slots[s].outer = s < 4;
  }
  return spec;
}

using Network = std::pair<Workload, OperatorId>;
Network conv(std::int64_t channels, std::int64_t side, std::int64_t filters, const Window& window,
             std::int64_t groups = 1) {
  WorkloadBuilder builder("conv");
  ConvolutionParams params;
  params.output_channels = filters;
  params.groups = groups;
  params.window = window;
  builder.convolution("op", builder.input("x", Shape{4, {1, channels, side, side}}), params);
  return {builder.finish(), operator_id(0)};
}
Window window(std::int64_t kernel, std::int64_t stride = 1, std::int64_t pad = 0,
              std::int64_t dilation = 1) {
  Window w;
  w.kernel = {kernel, kernel};
  w.stride = {stride, stride};
  w.dilation = {dilation, dilation};
  w.pad_begin = w.pad_end = {pad, pad};
  return w;
}
Network attention_scores() {
  WorkloadBuilder builder("scores");
  const TensorId q = builder.input("q", Shape{4, {1, 2, 6, 4}});
  builder.matmul("op", q, builder.input("k", Shape{4, {1, 2, 4, 6}}));
  return {builder.finish(), operator_id(0)};
}

enum class Want { equal, not_below };
void compare(const Network& network, std::uint64_t seed, int samples, Want want,
             Hold hold = Hold::touched) {
  const Chip chip;
  const bit_serial::Hardware hardware = bit_serial::hardware_of(chip.view);
  const MapSpace space(space_of(network.first.at(network.second).bounds));
  Random random(seed, 0);
  for (int i = 0; i < samples; ++i) {
    const Mapping m = space.sample(random);
    const Options options{i % 2 == 1, 24, 5};
    const auto op = bit_serial::prepare(network.first, network.second, chip.view, options);
    const auto fast = bit_serial::cost_of(op, m, kSlice, hardware, options);
    const Twin slow = twin(network.first, network.second, m, options, hold);
    ASSERT_EQ(fast.verdict, Verdict::feasible) << "seed " << seed << " sample " << i;
    ASSERT_EQ(fast.steps, slow.steps) << "seed " << seed << " sample " << i;
    ASSERT_EQ(fast.completion_ps, slow.completion_ps) << "seed " << seed << " sample " << i;
    if (want == Want::equal) {
      ASSERT_EQ(fast.rows, slow.rows) << "seed " << seed << " sample " << i;
      ASSERT_EQ(fast.step_ps, slow.step_ps) << "seed " << seed << " sample " << i;
      ASSERT_NEAR(fast.energy_pj / slow.energy_pj, 1, 1e-9) << "seed " << seed << " sample " << i;
    } else {
      ASSERT_GE(fast.rows, slow.rows) << "seed " << seed << " sample " << i;
      ASSERT_GE(fast.step_ps, slow.step_ps) << "seed " << seed << " sample " << i;
      ASSERT_GE(fast.energy_pj, slow.energy_pj * (1 - 1e-9)) << "seed " << seed << " sample " << i;
    }
  }
}

TEST(BitSerialTwin, AgreesOnConvolutions) {
  compare(conv(4, 6, 6, window(3)), 11, 300, Want::equal);
}
TEST(BitSerialTwin, AgreesOnPointwiseStridedConvolutions) {
  compare(conv(6, 7, 4, window(1, 2)), 12, 300, Want::equal);
}
TEST(BitSerialTwin, AgreesOnGroupedConvolutions) {
  compare(conv(8, 4, 4, window(2), 2), 13, 300, Want::equal);
}
TEST(BitSerialTwin, AgreesOnDepthwiseConvolutions) {
  compare(conv(6, 6, 6, window(3), 6), 14, 300, Want::equal);
}
TEST(BitSerialTwin, AgreesOnProductsOfTwoDynamicOperands) {
  compare(attention_scores(), 15, 300, Want::equal);
}
TEST(BitSerialTwin, AgreesOnTheBoxesOfStridedConvolutions) {
  compare(conv(2, 7, 2, window(3, 2)), 16, 200, Want::equal, Hold::box);
}
TEST(BitSerialTwin, AgreesOnTheBoxesOfDilatedConvolutions) {
  compare(conv(2, 8, 2, window(3, 1, 0, 2)), 17, 200, Want::equal, Hold::box);
}
// Padding need not be moved, which the model does not credit.
TEST(BitSerialTwin, IsNotBelowWithPads) {
  compare(conv(2, 7, 2, window(3, 2, 1)), 19, 200, Want::not_below, Hold::box);
  compare(conv(2, 6, 2, window(3, 1, 1)), 20, 200, Want::not_below, Hold::box);
}
TEST(BitSerialTwin, IsNotBelowOnTransposedConvolutions) {
  const auto up = [](const Window& spread) {
    WorkloadBuilder builder("up");
    ConvolutionParams params;
    params.output_channels = 2;
    params.window = spread;
    builder.transposed_convolution("op", builder.input("x", Shape{4, {1, 2, 3, 3}}), params);
    return Network{builder.finish(), operator_id(0)};
  };
  compare(up(window(2, 2)), 18, 200, Want::not_below);
  compare(up(window(3, 2, 1)), 21, 200, Want::not_below);  // cropped: some products are in vain
}

}  // namespace
}  // namespace imbrex
