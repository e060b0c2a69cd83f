// Loads of links along rows and columns, without walking every way link by link. A way turns once,
// so each of its two parts is an interval of links one behind the other. Intervals that carry
// equally many words are counted in difference arrays; where the words change, the counts so far
// are added to the links, so that every link sees its words in the order in which they came and
// its sum is the one of a walk, to the last bit.
#pragma once

#include <imbrex/values/topology.hpp>

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace imbrex {

using Loads = IndexVector<std::int32_t, double>;  // per link

// The links of one length that lead one way along all rows, or along all columns. A row or column
// is a lane; links of length n make n chains of it, each through every n-th element.
class Chains {
 public:
  // Keeps a reference to the topology. `length`: 1, or that of express links.
  Chains(const Topology& topology, bool in_rows, std::int32_t length, bool forwards);

  // Words over so many links, beginning at a position of a lane. Amortised O(1) while the words
  // of a chain stay the same, O(links) otherwise.
  void add(std::int32_t lane, std::int32_t position, std::int32_t links, double words, Loads& load);
  // Adds all that is counted. O(links touched).
  void finish(Loads& load);

 private:
  // Equal words on some links of a chain; differences are set in [low, high].
  struct Run {
    double words = 0;
    std::int32_t low = std::numeric_limits<std::int32_t>::max();
    std::int32_t high = 0;
  };
  void count(Run& run, std::int32_t chain, std::int32_t low, std::int32_t high);
  void flush(std::int32_t chain, Loads& load);
  void list_links(std::int32_t chain, std::int32_t low, std::int32_t high);
  std::int32_t node(std::int32_t chain, std::int32_t at) const noexcept;

  const Topology& topology_;
  bool in_rows_;
  bool forwards_;
  bool ring_;
  std::int32_t length_;
  std::int32_t size_;    // elements of a lane
  std::int32_t beside_;  // chains of a lane
  std::int32_t width_;   // differences of a chain
  IndexVector<std::int32_t, Run> runs_;
  IndexVector<std::int32_t, std::int32_t> differences_;
  std::vector<std::int32_t> links_;
};

class LaneLoads {
 public:
  // Keeps a reference.
  explicit LaneLoads(const Topology& topology);

  // Words from an element along its row (or column) to a column (or row). Returns the number of
  // links, of which express links count as `use` says.
  std::int32_t move(bool in_row, std::int32_t from, std::int32_t target, ExpressUse use,
                    double words);
  // Words from an element to several columns of its row (or rows of its column), ascending and
  // different from one another, over every link of the tree of ways once. O(links of the tree) on
  // a butterfly, O(lengths of express links that fit) on an AMP, O(log(targets)) otherwise.
  void spread(bool in_row, std::int32_t from, std::span<const std::int32_t> targets, double words);
  // Words over the link between a row and its port; one of both nodes is the port.
  void pass_port(std::int32_t from, std::int32_t to, double words);
  // Words on every link; nothing may be added afterwards.
  Loads finish();

 private:
  struct Place {
    std::int32_t lane = 0;
    std::int32_t position = 0;
    std::int32_t size = 0;
  };
  Place place(bool in_row, std::int32_t node) const noexcept;
  Chains& chains(bool in_row, bool express, bool forwards);
  void spread_forwards(bool in_row, const Place& from, std::span<const std::int32_t> targets,
                       double words);
  void spread_backwards(bool in_row, const Place& from, std::span<const std::int32_t> targets,
                        double words);
  void spread_ring(bool in_row, const Place& from, std::span<const std::int32_t> targets,
                   double words);

  const Topology& topology_;
  std::int32_t express_;  // length of express links; 0: there are none
  std::vector<Chains> chains_;
  Loads load_;
  std::vector<std::int32_t> path_;
};

}  // namespace imbrex
