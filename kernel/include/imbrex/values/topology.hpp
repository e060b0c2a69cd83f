// Links between the processing elements of a two-dimensional array, and the ways data takes over
// them: mesh, AMP (a mesh with express links of one length at every node), torus, flattened
// butterfly. Pure values, immutable after construction. [any thread]
// Source: specification pipeorgan, sections 2.2 and 2.3.
#pragma once

#include <imbrex/plugin/abi.hpp>
#include <imbrex/values/architecture.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace imbrex {

// A wire one way. Nodes are row * columns + column; a global-buffer port of row r is node
// rows * columns + r.
struct Link {
  std::int32_t from = 0;
  std::int32_t to = 0;
  std::int32_t pitches = 1;  // length, in distances between neighbouring elements
  friend constexpr bool operator==(const Link&, const Link&) = default;
};

// In which order an AMP's route takes its links within a dimension.
enum class ExpressUse : std::uint8_t { first, last, none };

// max(2, round(sqrt(columns / 2))): covers half the array with about as many express as unit steps.
IMBREX_API std::int32_t default_express_length(std::int32_t columns) noexcept;

class IMBREX_API Topology {
 public:
  // Errors: InputError when a side is outside [1, 4096], the array has more than 2^20 elements, a
  // butterfly more than 2^24 links, or express_length < 0. AMP only: 0 is the default length, 1
  // the mesh.
  Topology(TopologyKind kind, std::int32_t rows, std::int32_t columns,
           std::int32_t express_length = 0);

  TopologyKind kind() const noexcept { return kind_; }
  std::int32_t rows() const noexcept { return rows_; }
  std::int32_t columns() const noexcept { return columns_; }
  std::int32_t express_length() const noexcept { return express_; }  // AMP; 0 elsewhere
  std::int32_t node(std::int32_t row, std::int32_t column) const noexcept {
    return row * columns_ + column;
  }
  std::int32_t nodes() const noexcept { return rows_ * columns_; }
  // Where the global buffer meets a row: a node of its own left of column 0.
  std::int32_t port(std::int32_t row) const noexcept { return nodes() + row; }

  // Links between elements; indices are link ids. No link has both ends equal.
  std::span<const Link> links() const noexcept {
    return std::span<const Link>(links_).first(array_links_);
  }
  // The same, followed by the links from and to the ports of the global buffer.
  std::span<const Link> links_and_ports() const noexcept { return links_; }
  std::int64_t wire_pitches() const noexcept;  // sum of the lengths of links()
  std::int32_t router_ports() const noexcept;  // most links one router has, local port included
  // Links that lead from the first `columns_left` columns to the others (rows for `rows_above`).
  std::int64_t column_cut(std::int32_t columns_left) const noexcept;
  std::int64_t row_cut(std::int32_t rows_above) const noexcept;

  // Appends the links from one node to another: along the row first, then along the column. Within
  // a dimension never beyond the target, so every order of unit and express links is free of
  // deadlock (AMP); the shorter way round, forwards when both are equal (torus); one link
  // (butterfly). Ports: through column 0 of their row. O(hops).
  void route(std::int32_t from, std::int32_t to, std::vector<std::int32_t>& links,
             ExpressUse use = ExpressUse::first) const;
  // Number of links of `route` that uses express links. O(1).
  std::int32_t hops(std::int32_t from, std::int32_t to) const noexcept;

 private:
  enum Direction : std::uint8_t { east, west, south, north };
  IMBREX_LOCAL void add_link(std::int32_t from, std::int32_t to, std::int32_t pitches);
  IMBREX_LOCAL void add_unit_links();
  IMBREX_LOCAL void add_express_links();
  IMBREX_LOCAL void add_all_links();
  IMBREX_LOCAL void add_ports();
  IMBREX_LOCAL void step(std::int32_t& at, Direction way, bool express, std::int32_t count,
                         std::vector<std::int32_t>& links) const;
  IMBREX_LOCAL void along(std::int32_t& at, bool in_row, std::int32_t distance, ExpressUse use,
                          std::vector<std::int32_t>& links) const;
  IMBREX_LOCAL std::int32_t signed_distance(std::int32_t from, std::int32_t to,
                                            std::int32_t size) const noexcept;
  IMBREX_LOCAL std::int32_t dimension_hops(std::int32_t distance) const noexcept;

  TopologyKind kind_;
  std::int32_t rows_;
  std::int32_t columns_;
  std::int32_t express_ = 0;
  std::size_t array_links_ = 0;
  IndexVector<std::int32_t, Link> links_;
  // Mesh, AMP, torus: link id per node, direction, and unit or express; -1: none.
  IndexVector<std::int32_t, std::array<std::array<std::int32_t, 4>, 2>> next_;
};

}  // namespace imbrex
