// Links cycle by cycle, with a queue in front of each: the slow, obvious twin of the simulator's
// network. One cycle is one picosecond; services and hops take at least one.
#pragma once

#include <imbrex/toolkit/spatial/multicast_tree.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <vector>

namespace imbrex::test {

struct SlowPacket {
  std::int64_t release = 0;
  std::vector<spatial::TreeLink> tree;  // of the first leg
  std::vector<spatial::TreeLink>
      from_port;  // of the second leg, entered when all of it has arrived
  std::int64_t service = 1;
  std::int64_t arrival = -1;  // result: last word at the last destination
};

// Packets in the order that decides ties. `word`: cycles in which a link passes one word on.
class SlowLinks {
 public:
  SlowLinks(std::vector<SlowPacket>& packets, std::int64_t hop, std::int64_t word)
      : packets_(packets), hop_(hop), word_(word) {}

  void run() {
    for (std::size_t i = 0; i < packets_.size(); ++i) {
      packets_[i].arrival = packets_[i].release;
      enter(i, 0, packets_[i].tree, -1, packets_[i].release, true);
    }
    for (std::int64_t cycle = 0; !coming_.empty() || waiting_ > 0; ++cycle) {
      join_queues(cycle);
      for (auto& [link, queue] : queues_) {
        if (!queue.empty() && free_[link] <= cycle) {
          start(queue.front(), link, cycle);
          queue.pop_front();
          --waiting_;
        }
      }
    }
  }
  const std::map<std::int32_t, std::int64_t>& busy() const { return busy_; }

 private:
  struct At {
    std::size_t packet = 0;
    int leg = 0;
    std::size_t position = 0;
    bool is_new = false;
  };

  // Heads behind tree link `parent` reach the next links at `cycle`.
  void enter(std::size_t packet, int leg, const std::vector<spatial::TreeLink>& tree, int parent,
             std::int64_t cycle, bool is_new) {
    for (std::size_t i = 0; i < tree.size(); ++i) {
      if (tree[i].parent == parent) {
        coming_[cycle].push_back({packet, leg, i, is_new});
      }
    }
  }

  void join_queues(std::int64_t cycle) {
    std::vector<At> now = coming_[cycle];
    coming_.erase(cycle);
    std::stable_sort(now.begin(), now.end(), [](const At& a, const At& b) {
      return a.is_new != b.is_new ? b.is_new : a.packet < b.packet;
    });
    for (const At& at : now) {
      queues_[tree_of(at)[at.position].link].push_back(at);
      ++waiting_;
    }
  }

  void start(const At& at, std::int32_t link, std::int64_t cycle) {
    SlowPacket& packet = packets_[at.packet];
    free_[link] = cycle + packet.service;
    busy_[link] += packet.service;
    // The first word needs a hop, and no less than itself; then one word after the other.
    const std::int64_t first_word = std::max(hop_, std::min(word_, packet.service));
    const std::int64_t all = cycle + first_word + packet.service - std::min(word_, packet.service);
    const auto parent = static_cast<int>(at.position);
    enter(at.packet, at.leg, tree_of(at), parent, cycle + hop_, false);
    const bool last =
        std::none_of(tree_of(at).begin(), tree_of(at).end(),
                     [&](const spatial::TreeLink& one) { return one.parent == parent; });
    if (last && at.leg == 0 && !packet.from_port.empty()) {
      enter(at.packet, 1, packet.from_port, -1, all, false);
    }
    packet.arrival = std::max(packet.arrival, all);
  }

  const std::vector<spatial::TreeLink>& tree_of(const At& at) const {
    return at.leg == 0 ? packets_[at.packet].tree : packets_[at.packet].from_port;
  }

  std::vector<SlowPacket>& packets_;
  std::int64_t hop_;
  std::int64_t word_;
  std::map<std::int64_t, std::vector<At>> coming_;
  std::map<std::int32_t, std::deque<At>> queues_;
  std::map<std::int32_t, std::int64_t> free_;
  std::map<std::int32_t, std::int64_t> busy_;
  std::int64_t waiting_ = 0;
};

}  // namespace imbrex::test
