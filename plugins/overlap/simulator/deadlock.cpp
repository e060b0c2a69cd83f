// Explains a deadlock. When nothing can happen any more every batch has either ended or never
// started, so each waiting batch has a well-defined batch it waits for, and the chain must close.
#include "engine.hpp"

#include <imbrex/plugin/error.hpp>

namespace imbrex::simulator {

// A batch that has still to read the output of a job.
Index Engine::late_reader(Index job) const {
  for (const Index gate : model_.job_gates[job]) {
    for (const Index reader : model_.gate_readers[gate]) {
      if (start_ps_[reader] < 0) {
        return reader;
      }
    }
  }
  return kNobody;
}

Index Engine::holder_of_space(const Buffer& buffer) const {
  for (std::size_t turn = 0; turn < buffer.reserved; ++turn) {
    const Index batch = buffer.order[turn];
    if (start_ps_[batch] < 0) {
      return batch;  // has its space but waits for something else
    }
    for (Index job = model_.batches[batch].first_job; job < model_.batches[batch].end_job; ++job) {
      if (model_.jobs[job].output_bytes > 0 && holders_[job] > 0) {
        return late_reader(job);
      }
    }
  }
  return kNobody;
}

Index Engine::blocker_of(Index batch) const {
  if (!has_space_[batch]) {
    return holder_of_space(buffers_[model_.operator_of(batch)]);
  }
  const LaneEntry& lane = model_.lanes[model_.batches[batch].lane];
  if (batch > lane.first_batch && start_ps_[batch - 1] < 0) {
    return batch - 1;
  }
  for (const Index gate : model_.batch_gates[batch]) {
    for (const Index writer : model_.gate_writers[gate]) {
      if (start_ps_[model_.jobs[writer].batch] < 0) {
        return model_.jobs[writer].batch;
      }
    }
  }
  return kNobody;
}

Engine::Deadlock Engine::deadlock() const {
  Index batch = 0;
  while (start_ps_[batch] >= 0) {
    ++batch;
    IMBREX_ASSERT(batch < start_ps_.size());
  }
  // Once round the closed part of the chain; the first one there that waits for space is to blame.
  std::vector<Index> visits(start_ps_.size(), 0);
  while (true) {
    const Index blocker = blocker_of(batch);
    const bool in_cycle = ++visits[batch] == 2;
    if (!has_space_[batch] && (in_cycle || blocker == kNobody)) {
      break;
    }
    IMBREX_ASSERT(blocker != kNobody && visits[batch] < 3);
    batch = blocker;
  }
  const Index op = model_.operator_of(batch);
  const Buffer& buffer = buffers_[op];
  return {model_.operators[op].id, buffer.held_bytes, output_bytes(buffer.order[buffer.reserved])};
}

}  // namespace imbrex::simulator
