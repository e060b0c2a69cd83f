// The two implementations behind `make_work_order`; private to the kernel and its tests.
#pragma once

#include <imbrex/values/loop_nest.hpp>
#include <imbrex/values/work_order.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace imbrex {

// Samples, rows and columns of one job, when a mapping's outer loops are at most one temporal N, P
// and Q loop, in this order, with bounds that fit the problem without idle steps.
struct GridShape {
  std::int64_t samples;
  std::int64_t height;
  std::int64_t width;
};
std::optional<GridShape> as_grid(const Operator& op, const Mapping& mapping) noexcept;
// Would a grid exceed its 32-bit tables?
bool too_many_jobs(const LoopBounds& bounds, const GridShape& shape, std::int64_t copies) noexcept;

// Jobs straight from the outer loops of a mapping (specification fast-overlapim section 1.3): the
// temporal loops form the step number, the spatial loops the server number.
class LoopNestOrder final : public WorkOrder {
 public:
  // `mapping` must be legal for `op` (see `mapping_verdict`).
  LoopNestOrder(const Operator& op, const Mapping& mapping, const JobClock& clock, bool lock_step);

  std::int64_t server_count() const noexcept override { return nest_.servers(); }
  std::int64_t step_count(std::int64_t) const noexcept override { return nest_.steps(); }
  bool lock_step() const noexcept override { return lock_step_; }
  Job job(std::int64_t step, std::int64_t server) const noexcept override;
  std::optional<std::int64_t> equal_jobs_ps() const noexcept override;
  // The duration of all jobs, when it depends neither on the positions they cover nor on links.
  std::optional<std::int64_t> every_job_ps() const noexcept {
    return clock_.per_position_ps == 0 && clock_.least_ps <= clock_.fixed_ps
               ? std::optional(clock_.fixed_ps)
               : std::nullopt;
  }

 private:
  LoopNest nest_;
  JobClock clock_;
  bool lock_step_;
  bool even_ = false;  // no job is clipped at a bound of the problem
};

// A grid over N x P x Q, samples outermost, dealt to independent copies (specification clsa-cim
// sections 5.6, 6.1, 6.3).
class TileGridOrder final : public WorkOrder {
 public:
  // Strips add cuts at their borders. copies >= 1.
  TileGridOrder(const LoopBounds& bounds, const GridShape& job, std::int64_t copies,
                Dealing dealing, const JobClock& clock, bool lock_step);

  std::int64_t server_count() const noexcept override { return copies_; }
  std::int64_t step_count(std::int64_t server) const noexcept override;
  bool lock_step() const noexcept override { return lock_step_; }
  Job job(std::int64_t step, std::int64_t server) const noexcept override;
  const TileGrid* tile_grid() const noexcept override { return &grid_; }
  std::optional<std::int64_t> equal_jobs_ps() const noexcept override;

 private:
  std::size_t cells_per_sample() const noexcept {
    return (row_cuts_.size() - 1) * (column_cuts_.size() - 1);
  }
  void deal_round_robin();
  void deal_strips(bool by_column);

  LoopBounds bounds_;
  JobClock clock_;
  std::int64_t copies_;
  bool lock_step_;
  bool even_;  // all cells are equally large
  std::vector<std::int64_t> sample_cuts_;
  std::vector<std::int64_t> row_cuts_;
  std::vector<std::int64_t> column_cuts_;
  std::vector<std::int32_t> server_;
  std::vector<std::int32_t> step_;
  IndexVector<std::int64_t, std::int32_t> cells_;  // cells of server 0 in order, of server 1, ...
  IndexVector<std::int64_t, std::int64_t> first_cell_;  // copies + 1 offsets into cells_
  TileGrid grid_;
};

// The jobs of another order where a stage put them (specification fast-overlapim section 4).
class DealtJobsOrder final : public WorkOrder {
 public:
  // `dealt` must be legal for `order` (see `dealing_fault`).
  DealtJobsOrder(std::unique_ptr<const WorkOrder> order, std::shared_ptr<const DealtOrder> dealt);

  std::int64_t server_count() const noexcept override { return order_->server_count(); }
  std::int64_t step_count(std::int64_t server) const noexcept override;
  bool lock_step() const noexcept override { return order_->lock_step(); }
  Job job(std::int64_t step, std::int64_t server) const noexcept override;
  bool dealt_anew() const noexcept override { return true; }

 private:
  std::unique_ptr<const WorkOrder> order_;
  std::shared_ptr<const DealtOrder> dealt_;
};

}  // namespace imbrex
