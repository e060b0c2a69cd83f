#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/spatial/segment_layout.hpp>

#include <algorithm>
#include <iterator>

namespace imbrex::spatial {
namespace {

bool equal_work(std::span<const std::int64_t> macs) noexcept {
  return std::all_of(macs.begin(), macs.end(), [&](std::int64_t m) { return m == macs.front(); });
}

// Stripes with the period of least compute time among those that divide the columns, and with the
// shortest.
void add_stripes(std::int32_t rows, std::int32_t columns, std::span<const std::int64_t> macs,
                 std::vector<SpatialLayout>& out) {
  const auto stages = static_cast<std::int64_t>(macs.size());
  std::optional<std::vector<std::int64_t>> shortest;
  std::optional<std::vector<std::int64_t>> fastest;
  double best = 0;
  for (std::int64_t period = stages; period <= columns; ++period) {
    if (columns % period != 0) {
      continue;
    }
    std::vector<std::int64_t> shares = min_max_shares(macs, period);
    const double reached = utilisation(macs, shares);
    shortest = shortest ? shortest : shares;
    if (!fastest || reached > best + 1e-12) {
      best = reached;
      fastest = std::move(shares);
    }
  }
  if (!shortest) {
    return;
  }
  out.push_back(striped(rows, columns, stripe_period(*fastest)));
  if (*fastest != *shortest) {
    out.push_back(striped(rows, columns, stripe_period(*shortest)));
  }
}

// Stripes of one column each where they come near what columns could do; otherwise error diffusion,
// which spreads uneven shares as far as columns can.
void add_interleaved(std::int32_t rows, std::int32_t columns, std::span<const std::int64_t> macs,
                     std::vector<SpatialLayout>& out) {
  constexpr double kNear = 0.95;
  std::vector<SpatialLayout> stripes;
  add_stripes(rows, columns, macs, stripes);
  if (static_cast<std::int64_t>(macs.size()) <= columns) {
    const std::vector<std::int64_t> shares = min_max_shares(macs, columns);
    const bool stripes_first =
        stripes.size() == 1 &&
        stripes.front().cell_columns == static_cast<std::int32_t>(macs.size()) &&
        utilisation(macs, stripes.front().shares()) >= kNear * utilisation(macs, shares);
    stripes.insert(stripes_first ? stripes.end() : stripes.begin(),
                   error_diffused(rows, columns, shares));
  }
  std::move(stripes.begin(), stripes.end(), std::back_inserter(out));
}

void add_cells(std::int32_t rows, std::int32_t columns, std::span<const std::int64_t> macs,
               std::vector<SpatialLayout>& out) {
  constexpr std::int16_t kCheckers[] = {0, 1, 1, 0};
  constexpr std::int16_t kRing[] = {0, 1, 3, 2};
  if (rows % 2 != 0 || columns % 2 != 0 || !equal_work(macs)) {
    return;
  }
  if (macs.size() == 2) {
    out.push_back(cells(rows, columns, 2, 2, kCheckers));
  }
  if (macs.size() == 4) {
    out.push_back(cells(rows, columns, 2, 2, kRing));
  }
}

void add_blocks(std::int32_t rows, std::int32_t columns, std::span<const std::int64_t> macs,
                std::vector<SpatialLayout>& out) {
  if (static_cast<std::int64_t>(macs.size()) <= columns) {
    out.push_back(blocked_1d(rows, columns, min_max_shares(macs, columns)));
  }
  if (auto rectangles = blocked_2d(rows, columns, macs)) {
    out.push_back(std::move(*rectangles));
  }
}

// Shares finer than columns. Few distinct heights keep stripes whole.
void add_folded(std::int32_t rows, std::int32_t columns, std::span<const std::int64_t> macs,
                std::vector<SpatialLayout>& out) {
  if (const auto found = common_factor_shares(macs, rows, columns, 0.95)) {
    out.push_back(folded_stripes(rows, columns, found->shares));
    return;
  }
  out.push_back(folded_stripes(rows, columns, min_max_shares(macs, std::int64_t{rows} * columns)));
}

bool has_skip(const SegmentStages& stages) noexcept {
  return std::any_of(stages.edges.begin(), stages.edges.end(),
                     [](const SegmentEdge& edge) { return edge.consumer > edge.producer + 1; });
}

}  // namespace

std::vector<SpatialLayout> candidate_layouts(std::int32_t rows, std::int32_t columns,
                                             const SegmentStages& stages) {
  std::vector<SpatialLayout> result;
  const auto count = static_cast<std::int64_t>(stages.macs.size());
  if (count < 1 || count > std::int64_t{rows} * columns) {
    return result;
  }
  const bool fine =
      stages.pattern == FlowPattern::one_to_one || stages.pattern == FlowPattern::halo;
  if (!fine) {
    add_blocks(rows, columns, stages.macs, result);
  }
  if (stages.pattern == FlowPattern::halo || has_skip(stages)) {
    add_cells(rows, columns, stages.macs, result);
    add_interleaved(rows, columns, stages.macs, result);
  } else {
    add_interleaved(rows, columns, stages.macs, result);
    add_cells(rows, columns, stages.macs, result);
  }
  if (fine) {
    add_blocks(rows, columns, stages.macs, result);
  }
  add_folded(rows, columns, stages.macs, result);
  return result;
}

SegmentLayout evaluate_layout(const Topology& topology, const SpatialLayout& layout,
                              const SegmentStages& stages, const ArrayRates& rates) {
  SegmentLayout result;
  const std::vector<std::int64_t> shares = layout.shares();
  IMBREX_ASSERT(shares.size() == stages.macs.size());
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double rate = static_cast<double>(shares[i]) * rates.macs_per_element;
    result.compute_cycles =
        std::max(result.compute_cycles, static_cast<double>(stages.macs[i]) / rate);
  }
  FlowSet flows;
  for (const SegmentEdge& edge : stages.edges) {
    const double words = static_cast<double>(edge.words) /
                         static_cast<double>(shares[static_cast<std::size_t>(edge.producer)]);
    add_flows(layout, {edge.producer, edge.consumer, stages.pattern, words}, flows);
  }
  result.loads = route_flows(topology, flows);
  result.link_cycles =
      rates.link_words_per_cycle > 0 ? result.loads.max_load / rates.link_words_per_cycle : 0;
  result.energy =
      result.loads.word_pitches * rates.wire_energy + result.loads.word_links * rates.router_energy;
  result.layout = layout;
  return result;
}

std::optional<SegmentLayout> best_layout(const Topology& topology, const SegmentStages& stages,
                                         const ArrayRates& rates, std::optional<LayoutKind> kind) {
  std::optional<SegmentLayout> best;
  for (const SpatialLayout& layout :
       candidate_layouts(topology.rows(), topology.columns(), stages)) {
    if (kind && layout.kind != *kind) {
      continue;
    }
    SegmentLayout candidate = evaluate_layout(topology, layout, stages, rates);
    // Sums of the same words in another order differ in the last digits.
    const double slack = best ? 1e-9 * best->period_cycles() : 0;
    const bool shorter = best && candidate.period_cycles() < best->period_cycles() - slack;
    const bool equal = best && candidate.period_cycles() <= best->period_cycles() + slack;
    if (!best || shorter || (equal && candidate.energy < best->energy * (1 - 1e-9))) {
      best = std::move(candidate);
    }
  }
  return best;
}

}  // namespace imbrex::spatial
