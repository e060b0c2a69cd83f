#include <imbrex/plugin/error.hpp>
#include <imbrex/values/topology.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace imbrex {
namespace {

void check_size(TopologyKind kind, std::int64_t rows, std::int64_t columns) {
  if (rows < 1 || columns < 1 || rows > 4096 || columns > 4096 || rows * columns > (1 << 20)) {
    throw InputError("an array of " + std::to_string(rows) + " x " + std::to_string(columns) +
                     " elements: each side must be 1 to 4096, the whole at most 1048576");
  }
  const std::int64_t butterfly = rows * columns * (rows + columns - 2);
  if (kind == TopologyKind::flattened_butterfly && butterfly > (1 << 24)) {
    throw InputError("a flattened butterfly of " + std::to_string(rows) + " x " +
                     std::to_string(columns) + " elements has " + std::to_string(butterfly) +
                     " links, more than 16777216");
  }
}

std::int32_t nearer(std::int32_t distance, std::int32_t size) noexcept {
  return std::min(distance, size - distance);
}

}  // namespace

std::int32_t default_express_length(std::int32_t columns) noexcept {
  return std::max(2, static_cast<std::int32_t>(std::lround(std::sqrt(columns / 2.0))));
}

Topology::Topology(TopologyKind kind, std::int32_t rows, std::int32_t columns,
                   std::int32_t express_length)
    : kind_(kind), rows_(rows), columns_(columns) {
  check_size(kind, rows, columns);
  if (express_length < 0) {
    throw InputError("an express link of length " + std::to_string(express_length) +
                     ": at least 1, or 0 for the default");
  }
  if (kind == TopologyKind::flattened_butterfly) {
    add_all_links();
  } else {
    next_.assign(nodes(), {{{-1, -1, -1, -1}, {-1, -1, -1, -1}}});
    add_unit_links();
  }
  if (kind == TopologyKind::amp) {
    express_ = express_length > 0 ? express_length : default_express_length(columns);
    if (express_ > 1) {  // express links of length 1 would only double the mesh
      add_express_links();
    } else {
      express_ = 0;
    }
  }
  array_links_ = links_.size();
  add_ports();
}

void Topology::add_link(std::int32_t from, std::int32_t to, std::int32_t pitches) {
  links_.push_back({from, to, pitches});
}

// A torus of fewer than three nodes in a dimension has two links side by side there, as the count
// 4RC says; of one node, none.
void Topology::add_unit_links() {
  const bool wrap = kind_ == TopologyKind::torus;
  const auto connect = [&](std::int32_t r, std::int32_t c, std::int32_t to_r, std::int32_t to_c,
                           Direction way) {
    const bool inside = to_r >= 0 && to_r < rows_ && to_c >= 0 && to_c < columns_;
    if (!inside && !wrap) {
      return;
    }
    const std::int32_t to = node((to_r + rows_) % rows_, (to_c + columns_) % columns_);
    if (to == node(r, c)) {
      return;
    }
    next_[node(r, c)][0][way] = static_cast<std::int32_t>(links_.size());
    // A folded torus places neighbours two pitches apart, whether they wrap or not.
    add_link(node(r, c), to, wrap ? 2 : 1);
  };
  for (std::int32_t r = 0; r < rows_; ++r) {
    for (std::int32_t c = 0; c < columns_; ++c) {
      connect(r, c, r, c + 1, east);
      connect(r, c, r, c - 1, west);
      connect(r, c, r + 1, c, south);
      connect(r, c, r - 1, c, north);
    }
  }
}

void Topology::add_express_links() {
  const auto connect = [&](std::int32_t r, std::int32_t c, std::int32_t to_r, std::int32_t to_c,
                           Direction way) {
    if (to_r < 0 || to_r >= rows_ || to_c < 0 || to_c >= columns_) {
      return;
    }
    next_[node(r, c)][1][way] = static_cast<std::int32_t>(links_.size());
    add_link(node(r, c), node(to_r, to_c), express_);
  };
  for (std::int32_t r = 0; r < rows_; ++r) {
    for (std::int32_t c = 0; c < columns_; ++c) {
      connect(r, c, r, c + express_, east);
      connect(r, c, r, c - express_, west);
      connect(r, c, r + express_, c, south);
      connect(r, c, r - express_, c, north);
    }
  }
}

// Per node: the other columns of its row in order, then the other rows of its column; `along` in
// topology_route.cpp computes the index.
void Topology::add_all_links() {
  for (std::int32_t r = 0; r < rows_; ++r) {
    for (std::int32_t c = 0; c < columns_; ++c) {
      for (std::int32_t to = 0; to < columns_; ++to) {
        if (to != c) {
          add_link(node(r, c), node(r, to), std::abs(to - c));
        }
      }
      for (std::int32_t to = 0; to < rows_; ++to) {
        if (to != r) {
          add_link(node(r, c), node(to, c), std::abs(to - r));
        }
      }
    }
  }
}

void Topology::add_ports() {
  for (std::int32_t r = 0; r < rows_; ++r) {
    add_link(node(r, 0), port(r), 1);
    add_link(port(r), node(r, 0), 1);
  }
}

std::int64_t Topology::wire_pitches() const noexcept {
  std::int64_t sum = 0;
  for (const Link& link : links()) {
    sum += link.pitches;
  }
  return sum;
}

std::int32_t Topology::router_ports() const noexcept {
  IndexVector<std::int32_t, std::int32_t> leaving(nodes(), 1);
  for (const Link& link : links()) {
    ++leaving[link.from];
  }
  return *std::max_element(leaving.begin(), leaving.end());
}

std::int64_t Topology::column_cut(std::int32_t columns_left) const noexcept {
  return std::count_if(links().begin(), links().end(), [&](const Link& link) {
    return link.from % columns_ < columns_left && link.to % columns_ >= columns_left;
  });
}

std::int64_t Topology::row_cut(std::int32_t rows_above) const noexcept {
  return std::count_if(links().begin(), links().end(), [&](const Link& link) {
    return link.from / columns_ < rows_above && link.to / columns_ >= rows_above;
  });
}

std::int32_t Topology::signed_distance(std::int32_t from, std::int32_t to,
                                       std::int32_t size) const noexcept {
  const std::int32_t distance = to - from;
  if (kind_ != TopologyKind::torus || std::abs(distance) == nearer(std::abs(distance), size)) {
    // Half-way round both directions are equally long: forwards.
    return kind_ == TopologyKind::torus && 2 * distance == -size ? size + distance : distance;
  }
  return distance > 0 ? distance - size : distance + size;
}

}  // namespace imbrex
