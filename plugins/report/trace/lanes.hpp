// Which lane a slice may lie on, so that no two on one lane overlap.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

namespace imbrex::trace {

// The first lane that is free, a new one where none is: no more lanes than slices that run at one
// time. Slices are half open, so that one may start where another ends; one without duration needs
// a lane of its own only inside another slice. O(log lanes) per slice. [one thread]
class LaneChooser {
 public:
  // Requires: starts never descend, end_ps >= start_ps.
  std::size_t place(std::int64_t start_ps, std::int64_t end_ps) {
    while (!busy_.empty() && busy_.top().first <= start_ps) {
      free_.push(busy_.top().second);
      busy_.pop();
    }
    const std::size_t lane = free_.empty() ? lanes_++ : free_.top();
    if (!free_.empty() && free_.top() == lane) {
      free_.pop();
    }
    busy_.emplace(end_ps, lane);
    return lane;
  }
  std::size_t lanes() const noexcept { return lanes_; }

 private:
  template <class Value>
  using SmallestFirst = std::priority_queue<Value, std::vector<Value>, std::greater<>>;

  SmallestFirst<std::pair<std::int64_t, std::size_t>> busy_;  // end, lane
  SmallestFirst<std::size_t> free_;
  std::size_t lanes_ = 0;
};

}  // namespace imbrex::trace
