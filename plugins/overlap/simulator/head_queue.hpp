// Heads of packets on their way to links, by time, then key. Arrays of equal layout move their
// packets in step, so that many heads arrive at one instant: instants are kept in a tree, the heads
// of each in a list that is sorted when its time has come. Nodes and lists are used again.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <utility>
#include <vector>

namespace imbrex::simulator {

class HeadQueue {
 public:
  static constexpr std::int64_t kIdle = std::numeric_limits<std::int64_t>::max();

  // O(1) for the time of the push before, O(log instants) otherwise.
  void push(std::int64_t time_ps, std::uint64_t key) {
    if (time_ps != latest_ps_) {
      latest_ps_ = time_ps;
      latest_ = &list_at(time_ps);
    }
    latest_->push_back(key);
  }
  // Of the first head; kIdle: there is none.
  std::int64_t next_ps() const noexcept {
    return instants_.empty() ? kIdle : instants_.begin()->first;
  }
  // Takes the heads of the first instant out and visits them in the order of their keys. What the
  // visitor pushes for the same instant stays for the next call. Precondition: there is one.
  template <class Visit>
  void take(Visit visit) {
    Instants::node_type node = instants_.extract(instants_.begin());
    if (node.key() == latest_ps_) {
      latest_ps_ = kIdle;
    }
    std::vector<std::uint64_t>& keys = node.mapped();
    std::sort(keys.begin(), keys.end());
    for (const std::uint64_t key : keys) {
      visit(key);
    }
    keys.clear();
    spare_.push_back(std::move(node));
  }

 private:
  using Instants = std::map<std::int64_t, std::vector<std::uint64_t>>;

  std::vector<std::uint64_t>& list_at(std::int64_t time_ps) {
    const auto found = instants_.find(time_ps);
    if (found != instants_.end()) {
      return found->second;
    }
    if (spare_.empty()) {
      return instants_[time_ps];
    }
    Instants::node_type node = std::move(spare_.back());
    spare_.pop_back();
    node.key() = time_ps;
    return instants_.insert(std::move(node)).position->second;
  }

  Instants instants_;
  std::vector<Instants::node_type> spare_;
  std::int64_t latest_ps_ = kIdle;  // of the push before; kIdle: its list is gone
  std::vector<std::uint64_t>* latest_ = nullptr;
};

}  // namespace imbrex::simulator
