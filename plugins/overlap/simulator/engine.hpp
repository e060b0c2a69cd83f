// The event loop: a heap of completions; a lane starts its next batch when it is idle, all its
// input exists and its output has space; all events of one instant are settled before anything
// starts (specification clsa-cim section 11.1, O1). Phases of one resource queue up for it.
//
// With links, what a job hands over to an operator of its floor plan exists there when all packets
// that carry it have arrived; meanwhile it keeps its place in the producer's buffer, and takes none
// in the links.
//
// Space is reserved batch by batch in the order (step, server) of the operator, never out of turn.
// Without that rule a larger buffer could make a run slower or lock it up (a server far ahead takes
// the space a slower one needs); with it every start time is monotone in the buffer size (without
// links, whose queues an earlier packet may make worse), and so is whether a run locks up.
#pragma once

#include "model.hpp"
#include "network.hpp"

#include <imbrex/plugin/host.hpp>

#include <array>
#include <optional>
#include <queue>

namespace imbrex::simulator {

class Engine {
 public:
  // Keeps references. buffer_bytes: space for the output of each operator, 0 = unbounded. links:
  // null = hand-overs arrive at once.
  Engine(const Model& model, std::int64_t buffer_bytes, const LinkModel* links = nullptr);

  // Runs to the end; false: deadlock, nothing can happen any more but jobs are left. `pulse` is
  // called every few thousand events and may throw. Call once. O((jobs + gates) log lanes +
  // dependencies).
  bool run(FunctionRef<void()> pulse);

  // After run(). A batch that never started has start -1.
  std::int64_t makespan_ps() const noexcept { return now_ps_; }
  std::int64_t start_ps(Index batch) const noexcept { return start_ps_[batch]; }
  // What let the batch go last; nothing when only its segment did.
  Wait waited_for(Index batch) const noexcept { return released_[batch].by; }
  std::int64_t end_ps(Index job) const noexcept {
    return start_ps_[model_.jobs[job].batch] + model_.jobs[job].duration_ps;
  }
  // Jobs, gates, deliveries and packets on links.
  std::int64_t events() const noexcept { return events_ + (network_ ? network_->crossings() : 0); }
  const Network* network() const noexcept { return network_ ? &*network_ : nullptr; }

  // Who is to blame. Precondition: run() returned false. Follows what each batch waits for until
  // the chain closes; O(jobs * readers of one operator).
  struct Deadlock {
    OperatorId op = OperatorId::none;  // waits for space that is freed only if it goes on
    std::int64_t held_bytes = 0;       // taken for ever
    std::int64_t job_bytes = 0;        // what its next job needs in addition
  };
  Deadlock deadlock() const;

 private:
  enum class What : std::uint8_t { job_ends, job_completes, gate_opens, delivery };
  struct Event {
    std::int64_t time_ps;
    What what;
    Index id;
    friend bool operator>(const Event& a, const Event& b) noexcept { return a.time_ps > b.time_ps; }
  };
  struct Release {
    std::int64_t time_ps = 0;
    Wait by = Wait::nothing;
  };
  struct Buffer {
    std::vector<Index> order;  // batches in the order of their reservations
    std::size_t reserved = 0;  // how many have their space
    std::int64_t held_bytes = 0;
  };

  void prepare_buffers();
  std::int64_t next_ps() const noexcept;
  void move_packets();
  void release_packets();
  void take_deliveries();
  void arrive(const Event& event);
  void end_job(Index job);
  void complete_job(Index job);
  void deliver(Index delivery);
  void one_writer_less(Index gate);
  void open_gate(Index gate);
  void end_batch(Index batch);
  void free_space(Index job);
  void reserve(Index op);
  void one_less_missing(Index batch, Wait why);
  Wait what_opens(Index gate) const noexcept;
  void settle();
  void start(Index batch);
  std::vector<Index> sizes_without_phases(const Lists& readers) const;
  std::int64_t output_bytes(Index batch) const noexcept;
  // What a batch that never started waits for; kNobody: space that nobody holds.
  static constexpr Index kNobody = 0xffffffff;
  Index blocker_of(Index batch) const;
  Index holder_of_space(const Buffer& buffer) const;
  Index late_reader(Index job) const;

  const Model& model_;
  std::int64_t buffer_bytes_;
  const LinkModel* links_;
  std::optional<Network> network_;
  std::int64_t now_ps_ = 0;
  std::int64_t events_ = 0;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> heap_;
  std::vector<Index> missing_;          // batch: gates, its turn, its space
  std::vector<Index> running_;          // batch: jobs that have not ended
  std::vector<Index> unwritten_;        // gate: jobs that have not ended, or not arrived
  std::vector<Index> unread_;           // gate: batches that have not ended
  std::vector<Index> holders_;          // job: gates that some batch has still to read
  std::vector<std::int64_t> start_ps_;  // batch
  std::vector<bool> has_space_;         // batch
  std::vector<Buffer> buffers_;         // operator
  std::vector<Release> released_;       // batch
  std::vector<Index> startable_;
  // Phases that are ready, per resource in the order in which they became so.
  std::array<std::queue<Index>, kResources> waiting_;
  std::array<bool, kResources> busy_{};
};

}  // namespace imbrex::simulator
