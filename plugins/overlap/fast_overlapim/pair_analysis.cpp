#include "pair_analysis.hpp"

#include "group_walk.hpp"

#include <imbrex/toolkit/analysis/dealing.hpp>

#include <algorithm>

namespace imbrex::overlapim {
namespace {

std::uint8_t dims_of(const AxisProjection& projection) noexcept {
  std::uint8_t dims = 0;
  for (std::size_t term = 0; term < 2; ++term) {
    if (projection.factor[term] != 0) {
      dims = static_cast<std::uint8_t>(dims | dim_bit(projection.dim[term]));
    }
  }
  return dims;
}

}  // namespace

PairAnalysis::PairAnalysis(const PairBatch& batch, const Machine& machine, const Options& options)
    : batch_(batch),
      options_(options),
      edge_(batch, machine),
      producer_(batch.design->workload().at(batch.producer)),
      consumer_(batch.design->workload().at(batch.consumer)) {
  if (!edge_.supported()) {
    return;
  }
  for (const analysis::EdgePath& path : edge_.paths()) {
    for (const AxisProjection& projection : consumer_.input_projection[path.input]) {
      listed_dims_ = static_cast<std::uint8_t>(listed_dims_ | dims_of(projection));
    }
  }
  const bool worth_tables = options.method != Method::digit_walk && batch.candidates.size() > 8;
  if (!batch.candidates_are_producers &&
      mapping_verdict(producer_, *batch.fixed) == Verdict::feasible) {
    fixed_producer_.emplace(producer_, *batch.fixed,
                            worth_tables || options.method == Method::tables);
  }
  if (options.method == Method::digit_walk || options.method == Method::tables) {
    return;
  }
  for (const analysis::EdgePath& path : edge_.paths()) {
    auto chains = path.separate(edge_.workload(), batch.consumer);
    if (!chains) {
      ways_.clear();
      return;
    }
    Way way{std::move(*chains), {}, 0};
    way.groups = groups_of(consumer_, path.input, way.chains);
    for (const Group& group : way.groups) {
      way.dims = static_cast<std::uint8_t>(way.dims | group.dims);
    }
    ways_.push_back(std::move(way));
  }
}

std::vector<PairAnalysis::Group> PairAnalysis::groups_of(
    const Operator& consumer, std::size_t input, const std::vector<analysis::AxisChain>& chains) {
  std::vector<Group> groups;
  for (std::size_t axis = 0; axis < chains.size(); ++axis) {
    const std::int32_t from = chains[axis].operand_axis;
    Group mine{{axis}, 0};
    if (from >= 0) {
      mine.dims = dims_of(consumer.input_projection[input][static_cast<std::size_t>(from)]);
    }
    // Axes that share a dimension move together.
    for (std::size_t i = groups.size(); i-- > 0;) {
      if ((groups[i].dims & mine.dims) != 0) {
        mine.dims = static_cast<std::uint8_t>(mine.dims | groups[i].dims);
        mine.axes.insert(mine.axes.end(), groups[i].axes.begin(), groups[i].axes.end());
        groups.erase(groups.begin() + static_cast<std::ptrdiff_t>(i));
      }
    }
    groups.push_back(std::move(mine));
  }
  return groups;
}

PairResult PairAnalysis::analyze(const Mapping& candidate) const {
  if (!edge_.supported()) {
    return {Verdict::unsupported, 0, 0, 0};
  }
  const Mapping& producer = batch_.candidates_are_producers ? candidate : *batch_.fixed;
  const Mapping& consumer = batch_.candidates_are_producers ? *batch_.fixed : candidate;
  for (const Verdict verdict :
       {mapping_verdict(producer_, producer), mapping_verdict(consumer_, consumer)}) {
    if (verdict != Verdict::feasible) {
      return {verdict, 0, 0, 0};
    }
  }
  std::optional<FinishIndex> own;
  if (!fixed_producer_) {
    own.emplace(producer_, producer, options_.method == Method::tables);
  }
  const FinishIndex& index = fixed_producer_ ? *fixed_producer_ : *own;
  const LoopNest nest(consumer_.bounds, consumer);
  const Ends ends{index, nest, edge_.clocks(producer, index.nest(), consumer, nest),
                  batch_.producer_start_ps};
  const bool separates = ways_.size() == edge_.paths().size();
  // Several ways, dealt anew: the latest of sums is no sum any more.
  return separates && !(batch_.dealing != nullptr && ways_.size() > 1) ? separable(ends)
                                                                       : by_listing(ends);
}

// Sum of the group's axes over one combination of its digits; false: nothing is needed.
bool PairAnalysis::group_value(const Ends& ends, std::size_t number, const Group& group,
                               const DimBox& box, std::int64_t& value) const {
  const Way& way = ways_[number];
  const std::size_t input = edge_.paths()[number].input;
  const Shape& operand = edge_.workload().at(consumer_.inputs[input]).shape;
  std::vector<Interval> set;
  value = 0;
  for (const std::size_t axis : group.axes) {
    const analysis::AxisChain& chain = way.chains[axis];
    const auto from = static_cast<std::size_t>(std::max(chain.operand_axis, 0));
    const AxisProjection& projection = consumer_.input_projection[input][from];
    if (options_.holes == Holes::box) {
      Interval x;
      if (chain.operand_axis >= 0) {
        x = project(projection, box).intersect({0, operand[from]});
      }
      x = chain.hull(x);
      if (x.empty()) {
        return false;
      }
      value += ends.producer.axis_max(axis, x);
      continue;
    }
    if (chain.operand_axis >= 0) {
      analysis::projected_set(projection, box, operand[from], set);
    }
    chain.touched(set);
    std::int64_t best = -1;
    for (const Interval& x : set) {
      best = std::max(best, ends.producer.axis_max(axis, x));
    }
    if (best < 0) {
      return false;
    }
    value += best;
  }
  return true;
}

PairResult PairAnalysis::separable(const Ends& ends) const {
  const std::int64_t producer_ps = ends.clocks.producer_ps;
  const std::int64_t consumer_ps = ends.clocks.consumer_ps;
  std::int64_t latest_ps =
      analysis::kNoNeed;  // max over steps of arrival - u * consumer_ps, producer at 0
  analysis::ReadyHistogram histogram_of_arrivals;
  for (std::size_t number = 0; number < ways_.size(); ++number) {
    const Way& way = ways_[number];
    const std::int64_t delay_ps = ends.clocks.delay_ps + edge_.paths()[number].movement_ps;
    const std::int64_t rho = ends.producer.nest().reduction_finish();
    std::int64_t sum_ps = (rho + 1) * producer_ps + delay_ps;
    bool needed = true;
    std::vector<analysis::ReadyHistogram> groups;
    for (const Group& group : way.groups) {
      std::int64_t best_ps = analysis::kNoNeed;
      std::vector<std::int64_t> values;
      for_each_combination(ends.consumer, group.dims, [&](std::int64_t time, const DimBox& box) {
        std::int64_t value = 0;
        if (group_value(ends, number, group, box, value)) {
          best_ps = std::max(best_ps, producer_ps * value - consumer_ps * time);
          if (batch_.dealing != nullptr) {
            values.push_back(value);
          }
        }
      });
      needed = needed && best_ps != analysis::kNoNeed;
      sum_ps += best_ps;
      if (batch_.dealing != nullptr) {
        groups.push_back(analysis::histogram(values));
      }
    }
    if (needed) {
      latest_ps = std::max(latest_ps, sum_ps);
    }
    if (batch_.dealing != nullptr) {
      histogram_of_arrivals = arrivals(ends, way, delay_ps, std::move(groups));
    }
  }
  return result(ends, latest_ps, histogram_of_arrivals);
}

// Arrival histogram of all data spaces of one way, by convolution.
analysis::ReadyHistogram PairAnalysis::arrivals(
    const Ends& ends, const Way& way, std::int64_t delay_ps,
    std::vector<analysis::ReadyHistogram> groups) const {
  const auto others = static_cast<std::uint8_t>(~way.dims);
  const std::int64_t repeats = combinations(ends.consumer, others);
  analysis::ReadyHistogram steps{{ends.producer.nest().reduction_finish() + 1, repeats}};
  for (const analysis::ReadyHistogram& group : groups) {
    steps = analysis::histogram_of_sums(steps, group);
  }
  std::int64_t needing = 0;
  for (analysis::ReadyCount& entry : steps) {
    entry.value = ends.start_ps + entry.value * ends.clocks.producer_ps + delay_ps;
    needing += entry.count;
  }
  const std::int64_t free = repeats * combinations(ends.consumer, way.dims) - needing;
  if (free > 0) {
    steps.insert(steps.begin(), {analysis::kNoNeed, free});
  }
  return steps;
}

std::int64_t PairAnalysis::ready_step(const Ends& ends, const DimBox& box, std::size_t path) const {
  const analysis::EdgePath& way = edge_.paths()[path];
  if (options_.holes == Holes::box || path >= ways_.size()) {
    const Region region = way.region(edge_.workload(), batch_.consumer, box);
    return region.empty() ? -1 : ends.producer.ready_step(region);
  }
  std::int64_t step = ends.producer.nest().reduction_finish();
  for (const Group& group : ways_[path].groups) {
    std::int64_t value = 0;
    if (!group_value(ends, path, group, box, value)) {
      return -1;
    }
    step += value;
  }
  return step;
}

// When everything that one job needs has arrived, the producer having started at 0; kNoNeed: the
// job needs nothing.
std::int64_t PairAnalysis::arrival_ps(const Ends& ends, const DimBox& box) const {
  std::int64_t arrival_ps = analysis::kNoNeed;
  for (std::size_t path = 0; path < edge_.paths().size(); ++path) {
    const std::int64_t ready = ready_step(ends, box, path);
    if (ready >= 0) {
      arrival_ps = std::max(arrival_ps, (ready + 1) * ends.clocks.producer_ps +
                                            ends.clocks.delay_ps + edge_.paths()[path].movement_ps);
    }
  }
  return arrival_ps;
}

// Data spaces that differ only in dimensions the operand does not have need the same: the first of
// them waits longest, and all count alike.
PairResult PairAnalysis::by_listing(const Ends& ends) const {
  std::int64_t latest_ps = analysis::kNoNeed;
  std::vector<std::int64_t> values;
  for_each_combination(ends.consumer, listed_dims_, [&](std::int64_t step, const DimBox& box) {
    const std::int64_t arrival = arrival_ps(ends, box);
    if (arrival != analysis::kNoNeed) {
      latest_ps = std::max(latest_ps, arrival - step * ends.clocks.consumer_ps);
    }
    if (batch_.dealing != nullptr) {
      values.push_back(arrival == analysis::kNoNeed ? analysis::kNoNeed : ends.start_ps + arrival);
    }
  });
  analysis::ReadyHistogram arrivals = analysis::histogram(values);
  const std::int64_t repeats =
      batch_.dealing != nullptr
          ? combinations(ends.consumer, static_cast<std::uint8_t>(~listed_dims_))
          : 1;
  for (analysis::ReadyCount& entry : arrivals) {
    entry.count *= repeats;
  }
  return result(ends, latest_ps, arrivals);
}

// Every move is paid, as nobody has been dealt to yet: never early.
std::int64_t PairAnalysis::transformed_end_ps(const Ends& ends,
                                              const analysis::ReadyHistogram& arrivals) const {
  const LoopNest& nest = ends.consumer;
  const analysis::JobLoad load =
      analysis::job_load(edge_.workload(), batch_.consumer, nest.box(0, 0));
  const std::int64_t job_ps = ends.clocks.consumer_ps + analysis::move_ps(load, *batch_.dealing);
  const std::uint8_t reduction = dim_bit(Dim::C) | dim_bit(Dim::R) | dim_bit(Dim::S);
  const std::int64_t apart = std::min(nest.servers(), combinations(nest, reduction));
  return analysis::transformed_end(arrivals, nest.servers(), job_ps, ends.clocks.lock_step) +
         analysis::merge_ps(load, apart, *batch_.dealing);
}

PairResult PairAnalysis::result(const Ends& ends, std::int64_t latest_ps,
                                const analysis::ReadyHistogram& arrivals) const {
  const std::int64_t alone_ps = ends.consumer.steps() * ends.clocks.consumer_ps;
  PairResult found;
  found.end_ps = latest_ps == analysis::kNoNeed
                     ? alone_ps
                     : std::max(alone_ps, ends.start_ps + latest_ps + alone_ps);
  found.offset_ps = std::max(latest_ps, -ends.start_ps);  // the consumer cannot start before 0
  found.transformed_end_ps = found.end_ps;
  // Whole tiles have other histograms; their pairs are judged as they are.
  if (batch_.dealing != nullptr && !batch_.dealing->whole_tiles) {
    found.transformed_end_ps = std::min(found.end_ps, transformed_end_ps(ends, arrivals));
  }
  return found;
}

}  // namespace imbrex::overlapim
