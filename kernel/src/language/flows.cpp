#include <imbrex/plugin/error.hpp>
#include <imbrex/values/floor_plan.hpp>

#include <algorithm>
#include <functional>

namespace imbrex {
namespace {

// The elements of one stage: rows in which it occurs, each with its columns in order.
using StageRows = std::vector<std::vector<std::int32_t>>;

StageRows rows_of(const SpatialLayout& layout, std::int32_t stage) {
  StageRows rows;
  for (std::int32_t r = 0; r < layout.rows; ++r) {
    std::vector<std::int32_t> nodes;
    for (std::int32_t c = 0; c < layout.columns; ++c) {
      if (layout.at(r, c) == stage) {
        nodes.push_back(r * layout.columns + c);
      }
    }
    if (!nodes.empty()) {
      rows.push_back(std::move(nodes));
    }
  }
  return rows;
}

struct Cell {
  std::vector<std::int32_t> producers;
  std::vector<std::int32_t> consumers;
};

void collect(const SpatialLayout& layout, const StageEdge& edge, std::int32_t row,
             std::int32_t column, Cell& cell) {
  cell.producers.clear();
  cell.consumers.clear();
  for (std::int32_t r = row; r < std::min(row + layout.cell_rows, layout.rows); ++r) {
    for (std::int32_t c = column; c < std::min(column + layout.cell_columns, layout.columns); ++c) {
      const std::int32_t stage = layout.at(r, c);
      if (stage == edge.producer) {
        cell.producers.push_back(r * layout.columns + c);
      }
      if (stage == edge.consumer) {
        cell.consumers.push_back(r * layout.columns + c);
      }
    }
  }
}

// Calls pair(producer, consumer, words) for every flow of one-to-one hand-over.
template <class Pair>
void for_each_pair(const SpatialLayout& layout, const StageEdge& edge, const Pair& pair) {
  Cell cell;
  for (std::int32_t r = 0; r < layout.rows; r += layout.cell_rows) {
    for (std::int32_t c = 0; c < layout.columns; c += layout.cell_columns) {
      collect(layout, edge, r, c, cell);
      const std::size_t producers = cell.producers.size();
      const std::size_t consumers = cell.consumers.size();
      if (producers == 0 || consumers == 0) {
        continue;
      }
      const std::size_t flows = std::max(producers, consumers);
      const double words = edge.words * static_cast<double>(producers) / static_cast<double>(flows);
      for (std::size_t k = 0; k < flows; ++k) {
        pair(cell.producers[k * producers / flows], cell.consumers[k * consumers / flows], words);
      }
    }
  }
}

// The consumer and its neighbours by index in the rows of its stage.
void add_halo(const StageRows& rows, std::size_t row, std::size_t position,
              std::vector<std::int32_t>& out) {
  out.clear();
  const std::size_t last_row = std::min(row + 1, rows.size() - 1);
  for (std::size_t r = row > 0 ? row - 1 : 0; r <= last_row; ++r) {
    const std::size_t end = std::min(position + 2, rows[r].size());
    for (std::size_t i = position > 0 ? position - 1 : 0; i < end; ++i) {
      out.push_back(rows[r][i]);
    }
  }
}

void add_halo_flows(const SpatialLayout& layout, const StageEdge& edge, FlowSet& flows) {
  const StageRows rows = rows_of(layout, edge.consumer);
  // Row and position of every consumer.
  IndexVector<std::int32_t, std::pair<std::size_t, std::size_t>> place(layout.stage_of.size());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (std::size_t i = 0; i < rows[r].size(); ++i) {
      place[rows[r][i]] = {r, i};
    }
  }
  std::vector<std::int32_t> destinations;
  for_each_pair(layout, edge, [&](std::int32_t producer, std::int32_t consumer, double words) {
    const auto [row, position] = place[consumer];
    add_halo(rows, row, position, destinations);
    flows.add(producer, destinations, words);
  });
}

// The destinations are kept once for all sources: arrays have many elements, and multicasts many
// readers.
void add_sharing(std::span<const std::int32_t> sources, std::span<const std::int32_t> destinations,
                 double words, FlowSet& flows) {
  for (const std::int32_t source : sources) {
    flows.add(source, destinations, words);
    destinations = flows.destinations(flows.flows().back());
  }
}

void add_row_multicast(const SpatialLayout& layout, const StageEdge& edge, FlowSet& flows) {
  const StageRows producers = rows_of(layout, edge.producer);
  const StageRows consumers = rows_of(layout, edge.consumer);
  if (producers.empty() || consumers.empty()) {
    return;
  }
  const std::size_t lanes = std::max(producers.size(), consumers.size());
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    const auto& from = producers[lane * producers.size() / lanes];
    const auto& to = consumers[lane * consumers.size() / lanes];
    add_sharing(from, to,
                edge.words * static_cast<double>(producers.size()) / static_cast<double>(lanes),
                flows);
  }
}

void add_all_multicast(const SpatialLayout& layout, const StageEdge& edge, FlowSet& flows) {
  std::vector<std::int32_t> consumers;
  for (const auto& row : rows_of(layout, edge.consumer)) {
    consumers.insert(consumers.end(), row.begin(), row.end());
  }
  for (const auto& row : rows_of(layout, edge.producer)) {
    add_sharing(row, consumers, edge.words, flows);
  }
}

// Two legs through the ports. The buffer hands a word to one element: what the row's producers
// wrote is spread over the row's consumers.
void add_buffer_flows(const SpatialLayout& layout, const StageEdge& edge, FlowSet& flows) {
  for_each_pair(layout, edge, [&](std::int32_t producer, std::int32_t consumer, double words) {
    const std::int32_t nodes = layout.rows * layout.columns;
    const std::int32_t in[] = {nodes + producer / layout.columns};
    const std::int32_t out[] = {consumer};
    flows.add(producer, in, words);
    flows.add(nodes + consumer / layout.columns, out, words);
  });
}

}  // namespace

// Destinations of a flow of this very set are not copied, and the flows that share them are routed
// together.
void FlowSet::add(std::int32_t source, std::span<const std::int32_t> destinations, double words) {
  const std::int32_t* const here = destinations_.data();
  const bool shared = !destinations.empty() && std::greater_equal<>()(destinations.data(), here) &&
                      std::less<>()(destinations.data(), here + destinations_.size());
  const std::size_t first =
      shared ? static_cast<std::size_t>(destinations.data() - here) : destinations_.size();
  flows_.push_back({source, static_cast<std::uint32_t>(first),
                    static_cast<std::uint32_t>(destinations.size()), words});
  if (!shared) {
    destinations_.insert(destinations_.end(), destinations.begin(), destinations.end());
  }
}

void FlowSet::clear() noexcept {
  flows_.clear();
  destinations_.clear();
}

void add_flows(const SpatialLayout& layout, const StageEdge& edge, FlowSet& flows) {
  IMBREX_ASSERT(edge.producer != edge.consumer);
  switch (edge.pattern) {
    case FlowPattern::one_to_one:
      for_each_pair(layout, edge, [&](std::int32_t producer, std::int32_t consumer, double words) {
        flows.add(producer, {&consumer, 1}, words);
      });
      return;
    case FlowPattern::halo:
      return add_halo_flows(layout, edge, flows);
    case FlowPattern::row_multicast:
      return add_row_multicast(layout, edge, flows);
    case FlowPattern::all_multicast:
      return add_all_multicast(layout, edge, flows);
    case FlowPattern::global_buffer:
      return add_buffer_flows(layout, edge, flows);
  }
}

}  // namespace imbrex
