#include "model.hpp"

#include "element_map.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <limits>
#include <string>

namespace imbrex::simulator {
namespace {

// Samples that move on one by one: those of the workload where the leading axis of every input
// counts them, else all of them at once. Where something recurs the leading axis may count steps.
std::int64_t leading_samples(const Workload& workload) noexcept {
  const std::int64_t samples = workload.samples();
  for (const Operator& op : workload.operators()) {
    if (op.chain) {
      return 1;
    }
  }
  for (const TensorId input : workload.inputs()) {
    const Shape& shape = workload.at(input).shape;
    if (shape.rank == 0 || shape[0] != samples) {
      return 1;
    }
  }
  return samples;
}

class Builder {
 public:
  explicit Builder(std::span<const WorkGraph> segments)
      : segments_(segments),
        workload_(segments.front().workload()),
        position_(workload_.operators().size(), 0) {}

  Model build() {
    refuse_too_many_jobs();
    model_.samples = static_cast<Index>(leading_samples(workload_));
    for (const WorkGraph& segment : segments_) {
      add_segment(segment);
    }
    model_.first_phase_batch = static_cast<Index>(model_.batches.size());
    model_.first_phase_job = static_cast<Index>(model_.jobs.size());
    model_.first_phase_gate = static_cast<Index>(model_.gate_delay_ps.size());
    model_.transpose();
    return std::move(model_);
  }

 private:
  void refuse_too_many_jobs() const;
  void add_segment(const WorkGraph& segment);
  IndexVector<OperatorId, bool> readers_of_the_outside() const;
  Index last_sample(const Region& region, const Shape& shape) const;
  void add_jobs(OperatorId op);
  void add_job(OperatorId op, std::int64_t step, std::int64_t server);
  void add_batch(OperatorId op, std::int64_t step, std::int64_t first_server,
                 std::int64_t end_server);
  void add_gates_of(Index op);
  std::vector<Index> gates_of_exits(Index sample);
  Index add_gate(const Source& source);

  std::span<const WorkGraph> segments_;
  const Workload& workload_;
  const WorkGraph* graph_ = nullptr;  // of the segment being added
  Model model_;
  IndexVector<OperatorId, Index> position_;  // workload operator -> position in model_.operators
  std::vector<Region> regions_;              // outputs of the jobs of the operator being added, and
  std::vector<DimBox> boxes_;                // what they compute
  std::vector<ElementMap> elements_;         // per mapped operator
  WorkGraph::Scratch scratch_;
  std::vector<Source> sources_;
  std::vector<Source> last_sources_;  // of the batch before, and
  std::vector<Index> last_gates_;     // their gates: readers of the same data share one
  std::vector<Index> writers_;
};

void Builder::refuse_too_many_jobs() const {
  std::int64_t jobs = 0;
  for (const WorkGraph& segment : segments_) {
    for (const OperatorId op : segment.mapped()) {
      jobs += segment.order(op).job_count();
    }
  }
  if (jobs >= std::int64_t{std::numeric_limits<Index>::max()}) {
    throw InfeasibleError("the simulator keeps every job in memory and " + std::to_string(jobs) +
                          " jobs are too many; choose a coarser granularity");
  }
}

void Builder::add_segment(const WorkGraph& segment) {
  graph_ = &segment;
  SegmentEntry entry;
  entry.first_operator = static_cast<Index>(model_.operators.size());
  for (const OperatorId op : segment.mapped()) {
    add_jobs(op);
  }
  entry.end_operator = static_cast<Index>(model_.operators.size());
  const IndexVector<OperatorId, bool> outside = readers_of_the_outside();
  for (Index op = entry.first_operator; op < entry.end_operator; ++op) {
    model_.operators[op].reads_outside = outside[model_.operators[op].id];
    add_gates_of(op);
  }
  for (Index sample = 0; sample < model_.samples; ++sample) {
    entry.exits.push_back(gates_of_exits(sample));
  }
  model_.segments.push_back(std::move(entry));
}

// Operators to which data from outside the segment comes, through movement operators or at once.
IndexVector<OperatorId, bool> Builder::readers_of_the_outside() const {
  IndexVector<OperatorId, bool> outside(workload_.operators().size(), false);
  for (const OperatorId id : outside.ids()) {
    for (const TensorId input : workload_.at(id).inputs) {
      const OperatorId producer = workload_.at(input).producer;
      outside[id] = outside[id] || producer == OperatorId::none || graph_->is_there(producer) ||
                    (!graph_->is_mapped(producer) && outside[producer]);
    }
  }
  return outside;
}

// Of a region of a tensor; the last of all where its leading axis is no batch.
Index Builder::last_sample(const Region& region, const Shape& shape) const {
  const bool counts = shape.rank > 0 && shape[0] == std::int64_t{model_.samples};
  return counts && !region.empty() ? static_cast<Index>(region.axis[0].end - 1)
                                   : model_.samples - 1;
}

void Builder::add_job(OperatorId op, std::int64_t step, std::int64_t server) {
  const Job job = graph_->order(op).job(step, server);
  const Workload& workload = workload_;
  JobEntry entry;
  entry.batch = static_cast<Index>(model_.batches.size() - 1);
  entry.server = static_cast<std::int32_t>(server);
  entry.step = step;
  entry.duration_ps = job.duration_ps;
  entry.completion_ps = job.completion_ps;
  entry.has_work = !job.box.empty();
  Region region;
  region.rank = 1;
  region.axis[0] = {0, 0};
  if (entry.has_work) {
    region = workload.output_region(op, job.box);
    const std::int64_t bits = workload.at(workload.at(op).output).bits_per_element;
    entry.output_bytes = ceil_div(region.elements() * bits, 8);
    Index& last = model_.batches.back().last_sample;
    last = std::max(last, last_sample(region, workload.at(workload.at(op).output).shape));
  }
  regions_.push_back(region);
  boxes_.push_back(job.box);
  model_.jobs.push_back(entry);
}

void Builder::add_batch(OperatorId op, std::int64_t step, std::int64_t first_server,
                        std::int64_t end_server) {
  BatchEntry batch;
  batch.lane = static_cast<Index>(model_.lanes.size());
  batch.first_job = static_cast<Index>(model_.jobs.size());
  model_.batches.push_back(batch);
  for (std::int64_t server = first_server; server < end_server; ++server) {
    if (step < graph_->order(op).step_count(server)) {
      add_job(op, step, server);
    }
  }
  model_.batches.back().end_job = static_cast<Index>(model_.jobs.size());
}

void Builder::add_jobs(OperatorId op) {
  const WorkOrder& order = graph_->order(op);
  const Index position = static_cast<Index>(model_.operators.size());
  position_[op] = position;
  OperatorEntry entry;
  entry.id = op;
  entry.first_lane = static_cast<Index>(model_.lanes.size());
  entry.first_job = static_cast<Index>(model_.jobs.size());
  regions_.clear();
  boxes_.clear();
  const std::int64_t servers = order.server_count();
  const std::int64_t lane_width = order.lock_step() ? servers : 1;
  for (std::int64_t server = 0; server < servers; server += lane_width) {
    LaneEntry lane;
    lane.op = position;
    lane.first_batch = static_cast<Index>(model_.batches.size());
    std::int64_t steps = 0;
    for (std::int64_t other = server; other < server + lane_width; ++other) {
      steps = std::max(steps, order.step_count(other));
    }
    for (std::int64_t step = 0; step < steps; ++step) {
      add_batch(op, step, server, server + lane_width);
    }
    lane.end_batch = static_cast<Index>(model_.batches.size());
    model_.lanes.push_back(lane);
  }
  entry.end_lane = static_cast<Index>(model_.lanes.size());
  entry.end_job = static_cast<Index>(model_.jobs.size());
  model_.operators.push_back(entry);
  const std::vector<double> shares =
      job_shares(std::span(model_.jobs).subspan(entry.first_job), boxes_);
  model_.job_share.insert(model_.job_share.end(), shares.begin(), shares.end());
  const Workload& workload = graph_->workload();
  elements_.emplace_back(workload.at(workload.at(op).output).shape, regions_);
}

Index Builder::add_gate(const Source& source) {
  const auto same = std::find(last_sources_.begin(), last_sources_.end(), source);
  if (same != last_sources_.end()) {
    return last_gates_[static_cast<std::size_t>(same - last_sources_.begin())];
  }
  const Index producer = position_[source.producer];
  writers_.clear();
  elements_[producer].find(source.region, writers_);
  std::sort(writers_.begin(), writers_.end());
  writers_.erase(std::unique(writers_.begin(), writers_.end()), writers_.end());
  IMBREX_ASSERT(!writers_.empty());  // jobs cover the whole output
  for (const Index writer : writers_) {
    model_.gate_writers.values.push_back(model_.operators[producer].first_job + writer);
  }
  model_.gate_writers.close_list();
  model_.gate_delay_ps.push_back(source.delay_ps);
  return static_cast<Index>(model_.gate_delay_ps.size() - 1);
}

void Builder::add_gates_of(Index op) {
  const OperatorEntry& entry = model_.operators[op];
  last_sources_.clear();
  last_gates_.clear();
  for (Index lane = entry.first_lane; lane < entry.end_lane; ++lane) {
    for (Index batch = model_.lanes[lane].first_batch; batch < model_.lanes[lane].end_batch;
         ++batch) {
      sources_.clear();
      for (Index job = model_.batches[batch].first_job; job < model_.batches[batch].end_job;
           ++job) {
        if (model_.jobs[job].has_work) {
          const Job work =
              graph_->order(entry.id).job(model_.jobs[job].step, model_.jobs[job].server);
          graph_->trace(entry.id, work.box, scratch_, sources_);
        }
      }
      std::vector<Index> gates;
      gates.reserve(sources_.size());
      for (const Source& source : sources_) {
        gates.push_back(add_gate(source));
      }
      last_sources_ = sources_;
      last_gates_ = gates;
      std::sort(gates.begin(), gates.end());
      gates.erase(std::unique(gates.begin(), gates.end()), gates.end());
      model_.batch_gates.values.insert(model_.batch_gates.values.end(), gates.begin(), gates.end());
      model_.batch_gates.close_list();
    }
  }
}

std::vector<Index> Builder::gates_of_exits(Index sample) {
  std::vector<Index> gates;
  last_sources_.clear();
  last_gates_.clear();
  for (const TensorId output : graph_->outputs()) {
    const Shape& shape = workload_.at(output).shape;
    Region region = Region::whole(shape);
    if (shape.rank > 0 && shape[0] == std::int64_t{model_.samples}) {
      region.axis[0] = {sample, sample + 1};
    } else if (sample + 1 < model_.samples) {
      continue;
    }
    sources_.clear();
    graph_->trace(output, region, scratch_, sources_);
    for (const Source& source : sources_) {
      gates.push_back(add_gate(source));
    }
  }
  return gates;
}

}  // namespace

Model build_model(std::span<const WorkGraph> segments) {
  return Builder(segments).build();
}

}  // namespace imbrex::simulator
