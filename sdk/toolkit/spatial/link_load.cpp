#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/spatial/link_load.hpp>

#include <algorithm>
#include <numeric>

namespace imbrex::spatial {
namespace {

// Words that start on one side of every cut and end on the other: a difference array over the cut
// positions [0, size), one per direction.
class Crossings {
 public:
  explicit Crossings(std::int32_t size) : forwards_(size + 1, 0), backwards_(forwards_) {}

  // A word from `from` that reaches as far as [low, high] crosses the cuts in between once.
  void add(std::int32_t from, std::int32_t low, std::int32_t high, double words) {
    if (high > from) {
      forwards_[from + 1] += words;
      forwards_[high + 1] -= words;
    }
    if (low < from) {
      backwards_[low + 1] += words;
      backwards_[from + 1] -= words;
    }
  }
  // The busier direction at the cut after `before` rows or columns, for before = 1 .. size-1.
  IndexVector<std::int32_t, double> busier() {
    std::partial_sum(forwards_.begin(), forwards_.end(), forwards_.begin());
    std::partial_sum(backwards_.begin(), backwards_.end(), backwards_.begin());
    IndexVector<std::int32_t, double> result(forwards_.size(), 0);
    for (const std::int32_t i : result.ids()) {
      result[i] = std::max(forwards_[i], backwards_[i]);
    }
    return result;
  }

 private:
  IndexVector<std::int32_t, double> forwards_;
  IndexVector<std::int32_t, double> backwards_;
};

struct Reach {
  std::int32_t from = 0;
  std::int32_t low = 0;
  std::int32_t high = 0;
};

// Of a word's destinations in one dimension. Ports lie left of column 0: their cut is not looked
// at.
template <class Position>
Reach reach(std::int32_t source, std::span<const std::int32_t> destinations,
            const Position& position) {
  Reach result{position(source), position(source), position(source)};
  for (const std::int32_t destination : destinations) {
    result.low = std::min(result.low, position(destination));
    result.high = std::max(result.high, position(destination));
  }
  return result;
}

// w when column c works for stage floor(c / w) mod stages in every row, pairing inside one period;
// 0 otherwise.
std::int32_t equal_stripe_width(const SpatialLayout& layout) noexcept {
  std::int32_t width = 0;
  while (width < layout.columns && layout.at(0, width) == 0) {
    ++width;
  }
  if (layout.cell_rows != 1 || layout.cell_columns != width * layout.stages) {
    return 0;
  }
  for (std::int32_t r = 0; r < layout.rows; ++r) {
    for (std::int32_t c = 0; c < layout.columns; ++c) {
      if (layout.at(r, c) != c / width % layout.stages) {
        return 0;
      }
    }
  }
  return width;
}

}  // namespace

void add_neighbour_flows(const SpatialLayout& layout, double words, FlowSet& flows) {
  for (std::int32_t r = 0; r < layout.rows; ++r) {
    for (std::int32_t c = 0; c < layout.columns; ++c) {
      const std::int16_t stage = layout.at(r, c);
      const std::int32_t source = r * layout.columns + c;
      for (std::int32_t right = c + 1; right < layout.columns; ++right) {
        if (layout.at(r, right) == stage) {
          const std::int32_t to[] = {r * layout.columns + right};
          flows.add(source, to, words);
          break;
        }
      }
      for (std::int32_t below = r + 1; below < layout.rows; ++below) {
        if (layout.at(below, c) == stage) {
          const std::int32_t to[] = {below * layout.columns + c};
          flows.add(source, to, words);
          break;
        }
      }
    }
  }
}

std::vector<std::int32_t> hottest_links(const LinkLoads& loads, std::size_t count) {
  std::vector<std::int32_t> ids(loads.load.size());
  std::iota(ids.begin(), ids.end(), 0);
  const auto load = [&](std::int32_t id) { return loads.load[static_cast<std::size_t>(id)]; };
  std::erase_if(ids, [&](std::int32_t id) { return load(id) <= 0; });
  std::stable_sort(ids.begin(), ids.end(),
                   [&](std::int32_t a, std::int32_t b) { return load(a) > load(b); });
  ids.resize(std::min(ids.size(), count));
  return ids;
}

double cut_bound(const Topology& topology, const FlowSet& flows, bool multicast) {
  Crossings columns(topology.columns());
  Crossings rows(topology.rows());
  const auto column_of = [&](std::int32_t node) {
    return node >= topology.nodes() ? 0 : node % topology.columns();
  };
  const auto row_of = [&](std::int32_t node) {
    return node >= topology.nodes() ? node - topology.nodes() : node / topology.columns();
  };
  for (const Flow& flow : flows.flows()) {
    const std::span<const std::int32_t> all = flows.destinations(flow);
    const std::size_t step = multicast ? all.size() : 1;
    for (std::size_t i = 0; i < all.size(); i += step) {
      const Reach column = reach(flow.source, all.subspan(i, step), column_of);
      columns.add(column.from, column.low, column.high, flow.words);
      const Reach row = reach(flow.source, all.subspan(i, step), row_of);
      rows.add(row.from, row.low, row.high, flow.words);
    }
  }
  double bound = 0;
  const IndexVector<std::int32_t, double> across_columns = columns.busier();
  for (std::int32_t c = 1; c < topology.columns(); ++c) {
    bound = std::max(bound, across_columns[c] / static_cast<double>(topology.column_cut(c)));
  }
  const IndexVector<std::int32_t, double> across_rows = rows.busier();
  for (std::int32_t r = 1; r < topology.rows(); ++r) {
    bound = std::max(bound, across_rows[r] / static_cast<double>(topology.row_cut(r)));
  }
  return bound;
}

std::optional<LoadSummary> chain_closed_form(const Topology& topology,
                                             const SpatialLayout& layout) {
  const std::int32_t width = equal_stripe_width(layout);
  const std::int32_t express = topology.express_length();
  const bool monotone =
      topology.kind() == TopologyKind::mesh || topology.kind() == TopologyKind::amp;
  if (!monotone || layout.stages < 2 || width == 0 ||
      (express > 0 && width >= express && width % express != 0)) {
    return std::nullopt;
  }
  // Every word goes one stripe on. Express links take the whole way when they divide it; the L
  // links side by side at any place then share what one mesh link would carry.
  const double hops = express > 0 && width >= express ? width / express : width;
  const double producers = static_cast<double>(layout.columns) / layout.stages * layout.rows;
  return LoadSummary{hops, hops, producers * (layout.stages - 1) * hops};
}

double boundary_demand(std::int64_t words, std::int32_t columns, std::int32_t macs_per_element,
                       double fan_out, std::int64_t macs) noexcept {
  return static_cast<double>(words) * columns * macs_per_element * fan_out /
         static_cast<double>(macs);
}

}  // namespace imbrex::spatial
