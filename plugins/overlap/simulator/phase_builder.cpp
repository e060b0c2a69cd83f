#include "phase_builder.hpp"

#include <algorithm>

namespace imbrex::simulator {

Index PhaseBuilder::add_phase(std::int64_t duration_ps, Resource resource) {
  const auto batch = static_cast<Index>(model_.batches.size());
  const auto job = static_cast<Index>(model_.jobs.size());
  JobEntry entry;
  entry.batch = batch;
  entry.duration_ps = duration_ps;
  model_.jobs.push_back(entry);
  BatchEntry phase;
  phase.resource = resource;
  phase.lane = static_cast<Index>(model_.lanes.size());
  phase.first_job = job;
  phase.end_job = job + 1;
  model_.batches.push_back(phase);
  model_.batch_gates.close_list();
  model_.lanes.push_back({0, batch, batch + 1});
  return batch;
}

Index PhaseBuilder::add_gate(const std::vector<Index>& writers) {
  model_.gate_writers.values.insert(model_.gate_writers.values.end(), writers.begin(),
                                    writers.end());
  model_.gate_writers.close_list();
  model_.gate_delay_ps.push_back(0);
  return static_cast<Index>(model_.gate_delay_ps.size() - 1);
}

Index PhaseBuilder::after_operators(Index first, Index end) {
  std::vector<Index> writers;
  for (Index op = first; op < end; ++op) {
    const OperatorEntry& entry = model_.operators[op];
    for (Index lane = entry.first_lane; lane < entry.end_lane; ++lane) {
      if (model_.lanes[lane].first_batch == model_.lanes[lane].end_batch) {
        continue;
      }
      const BatchEntry& last = model_.batches[model_.lanes[lane].end_batch - 1];
      for (Index job = last.first_job; job < last.end_job; ++job) {
        writers.push_back(job);
      }
    }
  }
  return add_gate(writers);
}

void PhaseBuilder::lanes_wait(const OperatorEntry& op, Index gate) {
  for (Index lane = op.first_lane; lane < op.end_lane; ++lane) {
    if (model_.lanes[lane].first_batch < model_.lanes[lane].end_batch) {
      wait(model_.lanes[lane].first_batch, gate);
    }
  }
}

void PhaseBuilder::finish() {
  std::sort(waits_.begin(), waits_.end());
  waits_.erase(std::unique(waits_.begin(), waits_.end()), waits_.end());
  Lists merged;
  std::size_t next = 0;
  for (Index batch = 0; batch < model_.batches.size(); ++batch) {
    const auto data = model_.batch_gates[batch];
    merged.values.insert(merged.values.end(), data.begin(), data.end());
    for (; next < waits_.size() && waits_[next].first == batch; ++next) {
      merged.values.push_back(waits_[next].second);
    }
    merged.close_list();
  }
  model_.batch_gates = std::move(merged);
  model_.transpose();
}

}  // namespace imbrex::simulator
