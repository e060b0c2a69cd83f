// Links as resources (specification pipeorgan section 6.6). Every link serves packets first come,
// first served; at one instant those from other links before those whose job has just ended, then
// by channel, flow, job. A packet keeps a link busy for as long as its words take; virtual
// cut-through: its head is a hop further on after `hop_ps` and joins the queues of all links behind
// it, so that a packet nobody delays takes its hops and once its words. Queues are unbounded: a
// link never waits for another. With unbounded links only the hops take time.
//
// Nothing queues in memory: when the head of a packet reaches a link, everything that is served
// before it is known, and so is when it starts.
#pragma once

#include "head_queue.hpp"
#include "ways.hpp"

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace imbrex::simulator {

class Network {
 public:
  // Keeps references. job_share: of its operator's output, per job.
  Network(const Ways& ways, std::span<const double> job_share, const ElementLinks& rates,
          std::size_t links);

  struct Delivery {
    Index id = 0;
    std::int64_t time_ps = 0;
  };

  // A job has ended: what it hands over on a channel is to leave at the next `release`.
  void send(Index channel, Index job);
  // Before `send` at that time: heads that reach a link at `now_ps`.
  void advance(std::int64_t now_ps);
  void release(std::int64_t now_ps);
  // When `advance` has something to do next; kIdle: never.
  static constexpr std::int64_t kIdle = HeadQueue::kIdle;
  std::int64_t next_ps() const noexcept { return heads_.next_ps(); }
  // Became known since it was cleared last; every time is now or later.
  std::vector<Delivery>& delivered() noexcept { return delivered_; }

  std::int64_t packets() const noexcept { return packets_; }
  std::int64_t crossings() const noexcept { return crossings_; }
  std::span<const std::int64_t> busy_ps() const noexcept { return busy_ps_; }  // per link

  // From the start of a packet on a link until all of it is at the other end: its first word takes
  // a hop (or its own time, if that is longer), the others follow at the link's rate.
  std::int64_t crossing_ps(std::int64_t service_ps) const noexcept;
  // In whole picoseconds, rounded up.
  std::int64_t service_ps(double words) const noexcept;

 private:
  void pass(std::int64_t time_ps, Index step, Index job);
  void arrive(Index delivery, std::int64_t time_ps);

  const Ways& ways_;
  std::span<const double> job_share_;
  double words_per_ps_;
  std::int64_t hop_ps_;
  std::int64_t word_ps_;
  HeadQueue heads_;                            // keys: step, then job
  std::vector<std::pair<Index, Index>> sent_;  // channel, job
  std::vector<Delivery> delivered_;
  std::vector<std::int64_t> free_ps_;  // link
  std::vector<std::int64_t> busy_ps_;  // link
  std::vector<Index> way_channel_;
  std::vector<Index> missing_;           // delivery: ends not reached
  std::vector<std::int64_t> latest_ps_;  // delivery
  std::int64_t packets_ = 0;
  std::int64_t crossings_ = 0;
};

}  // namespace imbrex::simulator
