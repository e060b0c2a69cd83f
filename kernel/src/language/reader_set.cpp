#include "language/reader_set.hpp"

#include <algorithm>

namespace imbrex {
namespace {

// Links between elements of one row (column): entry size - 1 + d for a distance of d.
template <class Node>
IndexVector<std::int32_t, std::int32_t> lengths_by_distance(const Topology& topology,
                                                            std::int32_t size, const Node& node) {
  IndexVector<std::int32_t, std::int32_t> result(2 * size - 1);
  for (std::int32_t distance = 0; distance < size; ++distance) {
    result[size - 1 + distance] = topology.hops(node(0), node(distance));
    result[size - 1 - distance] = topology.hops(node(distance), node(0));
  }
  return result;
}

}  // namespace

ReaderSet::ReaderSet(const Topology& topology)
    : topology_(topology), by_column_(topology.columns()) {}

void ReaderSet::assign(std::span<const std::int32_t> destinations) {
  for (const std::int32_t column : columns_) {
    by_column_[column].clear();
  }
  columns_.clear();
  ports_.clear();
  destinations_ = destinations;
  for (const std::int32_t destination : destinations) {
    const bool port = destination >= topology_.nodes();
    const std::int32_t row =
        port ? destination - topology_.nodes() : destination / topology_.columns();
    const std::int32_t column = port ? 0 : destination % topology_.columns();
    if (port) {
      ports_.push_back(destination);
    }
    if (by_column_[column].empty()) {
      columns_.push_back(column);
    }
    by_column_[column].push_back(row);
  }
  std::sort(columns_.begin(), columns_.end());
  std::sort(ports_.begin(), ports_.end());
  ports_.erase(std::unique(ports_.begin(), ports_.end()), ports_.end());
  lists_of_columns_.assign(columns_.size(), -1);
  shared_ = false;
  lengths_.row = -1;
}

std::int32_t ReaderSet::list(std::size_t i, std::int32_t like) {
  std::int32_t& mine = lists_of_columns_[i];
  if (mine >= 0 && mine == like) {
    return mine;
  }
  const std::span<const std::int32_t> wanted = rows(i);
  if (like >= 0) {
    const auto other = std::span<const std::int32_t>(rows_of_lists_)
                           .subspan(lists_[like].first, lists_[like].size);
    if (std::equal(wanted.begin(), wanted.end(), other.begin(), other.end())) {
      mine = mine < 0 ? like : mine;
      return like;
    }
  }
  if (mine < 0) {
    mine = static_cast<std::int32_t>(lists_.size());
    lists_.push_back({rows_of_lists_.size(), wanted.size()});
    rows_of_lists_.insert(rows_of_lists_.end(), wanted.begin(), wanted.end());
  }
  return mine;
}

std::span<const std::int32_t> ReaderSet::distinct_rows(std::int32_t list) {
  const auto first = rows_of_lists_.begin() + static_cast<std::ptrdiff_t>(lists_[list].first);
  distinct_.assign(first, first + static_cast<std::ptrdiff_t>(lists_[list].size));
  if (!std::is_sorted(distinct_.begin(), distinct_.end())) {
    std::sort(distinct_.begin(), distinct_.end());
  }
  distinct_.erase(std::unique(distinct_.begin(), distinct_.end()), distinct_.end());
  return distinct_;
}

WayLengths ReaderSet::each_way(std::int32_t source) const {
  WayLengths result;
  for (const std::int32_t destination : destinations_) {
    const std::int32_t hops = topology_.hops(source, destination);
    result.hops += hops;
    result.most = std::max(result.most, hops);
  }
  return result;
}

void ReaderSet::measure_rows(std::int32_t row) {
  if (lengths_.in_row.empty()) {
    lengths_.in_row = lengths_by_distance(topology_, topology_.columns(),
                                          [&](std::int32_t c) { return topology_.node(0, c); });
    lengths_.in_column = lengths_by_distance(topology_, topology_.rows(),
                                             [&](std::int32_t r) { return topology_.node(r, 0); });
  }
  lengths_.row = row;
  lengths_.within_columns.clear();
  const std::int32_t none = topology_.rows() - 1;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (i > 0 && by_column_[columns_[i]] == by_column_[columns_[i - 1]]) {
      lengths_.within_columns.push_back(lengths_.within_columns.back());
      continue;
    }
    WayLengths& ways = lengths_.within_columns.emplace_back();
    for (const std::int32_t reader : rows(i)) {
      const std::int32_t hops = lengths_.in_column[none + reader - row];
      ways.hops += hops;
      ways.most = std::max(ways.most, hops);
    }
  }
}

WayLengths ReaderSet::ways_from(std::int32_t source) {
  if (!shared_ || source >= topology_.nodes() || !ports_.empty()) {
    shared_ = true;
    return each_way(source);
  }
  const std::int32_t row = source / topology_.columns();
  if (row != lengths_.row) {
    measure_rows(row);
  }
  WayLengths result;
  const std::int32_t none = topology_.columns() - 1 - source % topology_.columns();
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const WayLengths& within = lengths_.within_columns[i];
    const std::int32_t along = lengths_.in_row[none + columns_[i]];
    result.hops += within.hops + std::int64_t{along} * std::ssize(by_column_[columns_[i]]);
    result.most = std::max(result.most, along + within.most);
  }
  return result;
}

}  // namespace imbrex
