#include "engine.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <tuple>

namespace imbrex::simulator {
namespace {

constexpr std::int64_t kEventsPerPulse = 8192;

std::vector<Index> list_sizes(const Lists& lists) {
  std::vector<Index> sizes(lists.size());
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    sizes[i] = static_cast<Index>(lists[i].size());
  }
  return sizes;
}

}  // namespace

Engine::Engine(const Model& model, std::int64_t buffer_bytes, const LinkModel* links)
    : model_(model),
      buffer_bytes_(buffer_bytes),
      links_(links),
      missing_(list_sizes(model.batch_gates)),
      running_(model.batches.size()),
      unwritten_(list_sizes(model.gate_writers)),
      unread_(sizes_without_phases(model.gate_readers)),
      holders_(model.jobs.size(), 0),
      start_ps_(model.batches.size(), -1),
      has_space_(model.batches.size(), false),
      buffers_(model.operators.size()),
      released_(model.batches.size()) {
  for (Index batch = 0; batch < model.batches.size(); ++batch) {
    const BatchEntry& entry = model.batches[batch];
    running_[batch] = entry.end_job - entry.first_job;
    if (batch != model.lanes[entry.lane].first_batch) {
      ++missing_[batch];  // its turn
    }
  }
  if (links_ != nullptr) {
    network_.emplace(links_->ways, model.job_share, links_->links,
                     links_->topology.links_and_ports().size());
  }
  if (buffer_bytes_ > 0) {
    prepare_buffers();
  }
  for (Index batch = 0; batch < model.batches.size(); ++batch) {
    if (missing_[batch] == 0) {
      startable_.push_back(batch);
    }
  }
  for (Index op = 0; buffer_bytes_ > 0 && op < buffers_.size(); ++op) {
    reserve(op);
  }
}

bool Engine::run(FunctionRef<void()> pulse) {
  std::size_t started = 0;
  std::int64_t pulsed = 0;
  while (true) {
    started += startable_.size();
    settle();
    if (next_ps() == Network::kIdle) {
      break;
    }
    now_ps_ = next_ps();
    move_packets();
    while (!heap_.empty() && heap_.top().time_ps == now_ps_) {
      const Event event = heap_.top();
      heap_.pop();
      arrive(event);
      ++events_;
    }
    release_packets();
    if (events() - pulsed >= kEventsPerPulse) {
      pulsed = events();
      pulse();
    }
  }
  const bool complete = started == model_.batches.size();
  IMBREX_ASSERT(complete || buffer_bytes_ > 0);  // only buffers can lock up an acyclic graph
  return complete;
}

std::int64_t Engine::next_ps() const noexcept {
  const std::int64_t event_ps = heap_.empty() ? Network::kIdle : heap_.top().time_ps;
  return network_ ? std::min(event_ps, network_->next_ps()) : event_ps;
}

void Engine::move_packets() {
  if (network_) {
    network_->advance(now_ps_);
    take_deliveries();
  }
}

void Engine::release_packets() {
  if (network_) {
    network_->release(now_ps_);
    take_deliveries();
  }
}

void Engine::take_deliveries() {
  for (const Network::Delivery& delivery : network_->delivered()) {
    heap_.push({delivery.time_ps, What::delivery, delivery.id});
  }
  network_->delivered().clear();
}

// Starts what can start now. Phases that become ready at one instant queue up by index.
void Engine::settle() {
  std::vector<Index> phases;
  for (const Index batch : startable_) {
    if (model_.batches[batch].resource == Resource::none) {
      start(batch);
    } else {
      phases.push_back(batch);
    }
  }
  startable_.clear();
  std::sort(phases.begin(), phases.end());
  for (const Index phase : phases) {
    waiting_[static_cast<std::size_t>(model_.batches[phase].resource)].push(phase);
  }
  for (std::size_t resource = 0; resource < kResources; ++resource) {
    if (!busy_[resource] && !waiting_[resource].empty()) {
      busy_[resource] = true;
      start(waiting_[resource].front());
      waiting_[resource].pop();
    }
  }
}

// Data on its way to external memory does not keep its place in a buffer.
std::vector<Index> Engine::sizes_without_phases(const Lists& readers) const {
  std::vector<Index> sizes = list_sizes(readers);
  for (Index gate = 0; gate < sizes.size(); ++gate) {
    for (const Index batch : readers[gate]) {
      sizes[gate] -= model_.is_phase(batch) ? 1 : 0;
    }
  }
  return sizes;
}

void Engine::arrive(const Event& event) {
  switch (event.what) {
    case What::job_ends:
      return end_job(event.id);
    case What::job_completes:
      return complete_job(event.id);
    case What::gate_opens:
      return open_gate(event.id);
    case What::delivery:
      return deliver(event.id);
  }
}

void Engine::start(Index batch) {
  start_ps_[batch] = now_ps_;
  for (Index job = model_.batches[batch].first_job; job < model_.batches[batch].end_job; ++job) {
    heap_.push({now_ps_ + model_.jobs[job].duration_ps, What::job_ends, job});
  }
}

void Engine::end_job(Index job) {
  for (const Index gate : model_.job_gates[job]) {
    if (gate >= model_.first_phase_gate) {
      one_writer_less(gate);
    }
  }
  const std::span<const Index> gates = model_.job_gates[job];
  const bool has_readers = !gates.empty() && gates.front() < model_.first_phase_gate;  // ascending
  if (model_.jobs[job].completion_ps == 0 || !has_readers) {
    complete_job(job);
  } else {
    heap_.push({now_ps_ + model_.jobs[job].completion_ps, What::job_completes, job});
  }
  if (buffer_bytes_ > 0 && holders_[job] == 0 && job < model_.first_phase_job) {
    free_space(job);  // nobody on the chip reads it: it leaves at once
  }
  const Index batch = model_.jobs[job].batch;
  if (--running_[batch] == 0) {
    end_batch(batch);
  }
}

// What the job made is usable: readers may have it, links may carry it.
void Engine::complete_job(Index job) {
  for (const Index gate : model_.job_gates[job]) {
    if (gate < model_.first_phase_gate && (!network_ || links_->gate_channel[gate] == kNone)) {
      one_writer_less(gate);
    }
  }
  if (network_ && job < model_.first_phase_job && model_.jobs[job].has_work) {
    for (const Index channel :
         links_->operator_channels[model_.operator_of(model_.jobs[job].batch)]) {
      network_->send(channel, job);
    }
  }
}

void Engine::deliver(Index delivery) {
  const Channel& channel = links_->ways.channel_of(delivery);
  const auto number = static_cast<Index>(&channel - links_->ways.channels().data());
  for (const Index gate : model_.job_gates[channel.first_job + delivery - channel.first_delivery]) {
    if (links_->gate_channel[gate] == number) {
      one_writer_less(gate);
    }
  }
}

void Engine::one_writer_less(Index gate) {
  if (--unwritten_[gate] > 0) {
    return;
  }
  if (model_.gate_delay_ps[gate] == 0) {
    open_gate(gate);
  } else {
    heap_.push({now_ps_ + model_.gate_delay_ps[gate], What::gate_opens, gate});
  }
}

void Engine::open_gate(Index gate) {
  const Wait why = what_opens(gate);
  for (const Index batch : model_.gate_readers[gate]) {
    one_less_missing(batch, why);
  }
}

// Weights and data of the segment are nothing that a job of the network holds up.
Wait Engine::what_opens(Index gate) const noexcept {
  const std::span<const Index> writers = model_.gate_writers[gate];
  if (writers.empty() || writers.front() >= model_.first_phase_job) {
    return Wait::nothing;
  }
  return network_ && links_->gate_channel[gate] != kNone ? Wait::source | Wait::link : Wait::source;
}

void Engine::end_batch(Index batch) {
  if (model_.is_phase(batch)) {
    busy_[static_cast<std::size_t>(model_.batches[batch].resource)] = false;
    return;
  }
  if (batch + 1 < model_.lanes[model_.batches[batch].lane].end_batch) {
    one_less_missing(batch + 1, Wait::server);
  }
  if (buffer_bytes_ == 0) {
    return;
  }
  for (const Index gate : model_.batch_gates[batch]) {
    if (--unread_[gate] > 0) {
      continue;
    }
    for (const Index job : model_.gate_writers[gate]) {
      if (--holders_[job] == 0 && job < model_.first_phase_job) {
        free_space(job);
      }
    }
  }
}

void Engine::one_less_missing(Index batch, Wait why) {
  Release& release = released_[batch];
  if (now_ps_ > release.time_ps) {
    release = {now_ps_, why};
  } else if (now_ps_ > 0) {
    release.by = release.by | why;
  }
  if (--missing_[batch] == 0) {
    startable_.push_back(batch);
  }
}

}  // namespace imbrex::simulator
