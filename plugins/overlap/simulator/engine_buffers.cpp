// Space for the outputs of operators: reserved batch by batch, free when nobody reads it any more.
#include "engine.hpp"

#include <algorithm>
#include <tuple>

namespace imbrex::simulator {

void Engine::prepare_buffers() {
  for (Index job = 0; job < model_.jobs.size(); ++job) {
    for (const Index gate : model_.job_gates[job]) {
      holders_[job] += unread_[gate] > 0 ? 1 : 0;
    }
  }
  for (Index batch = 0; batch < model_.batches.size(); ++batch) {
    if (model_.is_phase(batch)) {
      has_space_[batch] = true;
      continue;
    }
    ++missing_[batch];  // its space
    buffers_[model_.operator_of(batch)].order.push_back(batch);
  }
  const auto turn = [this](Index batch) {
    const JobEntry& job = model_.jobs[model_.batches[batch].first_job];
    return std::tuple(job.step, job.server);
  };
  for (Buffer& buffer : buffers_) {
    std::sort(buffer.order.begin(), buffer.order.end(),
              [&](Index a, Index b) { return turn(a) < turn(b); });
  }
}

void Engine::free_space(Index job) {
  const Index op = model_.operator_of(model_.jobs[job].batch);
  buffers_[op].held_bytes -= model_.jobs[job].output_bytes;
  reserve(op);
}

void Engine::reserve(Index op) {
  Buffer& buffer = buffers_[op];
  while (buffer.reserved < buffer.order.size()) {
    const Index batch = buffer.order[buffer.reserved];
    const std::int64_t bytes = output_bytes(batch);
    if (buffer.held_bytes + bytes > buffer_bytes_) {
      return;
    }
    buffer.held_bytes += bytes;
    ++buffer.reserved;
    has_space_[batch] = true;
    one_less_missing(batch, Wait::buffer);
  }
}

std::int64_t Engine::output_bytes(Index batch) const noexcept {
  std::int64_t bytes = 0;
  for (Index job = model_.batches[batch].first_job; job < model_.batches[batch].end_job; ++job) {
    bytes += model_.jobs[job].output_bytes;
  }
  return bytes;
}

}  // namespace imbrex::simulator
