#include "language/lane_loads.hpp"
#include "language/repeated_sum.hpp"

#include <algorithm>

namespace imbrex {

Chains::Chains(const Topology& topology, bool in_rows, std::int32_t length, bool forwards)
    : topology_(topology),
      in_rows_(in_rows),
      forwards_(forwards),
      ring_(topology.kind() == TopologyKind::torus),
      length_(length),
      size_(in_rows ? topology.columns() : topology.rows()),
      beside_(std::min(length, size_)),
      width_(size_ / length + 2),
      runs_((in_rows ? topology.rows() : topology.columns()) * beside_),
      differences_(runs_.size() * static_cast<std::size_t>(width_), 0) {}

std::int32_t Chains::node(std::int32_t chain, std::int32_t at) const noexcept {
  const std::int32_t lane = chain / beside_;
  const std::int32_t position = chain % beside_ + at * length_;
  return in_rows_ ? topology_.node(lane, position) : topology_.node(position, lane);
}

// A link bears the place in its chain of the element that it leaves.
void Chains::add(std::int32_t lane, std::int32_t position, std::int32_t links, double words,
                 Loads& load) {
  if (links == 0) {
    return;
  }
  const bool unit = length_ == 1;
  const std::int32_t chain = unit ? lane : lane * beside_ + position % length_;
  const std::int32_t at = unit ? position : position / length_;
  Run& run = runs_[chain];
  if (run.words != words) {
    flush(chain, load);
    run.words = words;
  }
  const std::int32_t low = forwards_ ? at : at - links + 1;
  const std::int32_t high = low + links;
  if (low < 0) {  // round the ring
    count(run, chain, low + size_, size_);
    count(run, chain, 0, high);
  } else if (ring_ && high > size_) {
    count(run, chain, low, size_);
    count(run, chain, 0, high - size_);
  } else {
    count(run, chain, low, high);
  }
}

void Chains::count(Run& run, std::int32_t chain, std::int32_t low, std::int32_t high) {
  ++differences_[chain * width_ + low];
  --differences_[chain * width_ + high];
  run.low = std::min(run.low, low);
  run.high = std::max(run.high, high);
}

// The topology knows its links: a way over all of them lists them.
void Chains::list_links(std::int32_t chain, std::int32_t low, std::int32_t high) {
  links_.clear();
  const ExpressUse use = length_ == 1 ? ExpressUse::none : ExpressUse::first;
  if (ring_) {  // the way to an element far away would go round the other side
    const std::int32_t step = forwards_ ? 1 : size_ - 1;
    for (std::int32_t at = low; at < high; ++at) {
      topology_.route(node(chain, at), node(chain, (at + step) % size_), links_, use);
    }
  } else if (forwards_) {
    topology_.route(node(chain, low), node(chain, high), links_, use);
  } else {
    topology_.route(node(chain, high - 1), node(chain, low - 1), links_, use);
    std::reverse(links_.begin(), links_.end());
  }
}

void Chains::flush(std::int32_t chain, Loads& load) {
  Run& run = runs_[chain];
  if (run.low >= run.high) {
    return;
  }
  list_links(chain, run.low, run.high);
  std::int32_t* const difference = &differences_[chain * width_];
  std::int32_t count = 0;
  for (std::int32_t at = run.low; at < run.high; ++at) {
    count += difference[at];
    difference[at] = 0;
    double& sum = load[links_[static_cast<std::size_t>(at - run.low)]];
    sum = repeated_sum(sum, run.words, count);
  }
  difference[run.high] = 0;
  run = {};
}

void Chains::finish(Loads& load) {
  for (const std::int32_t chain : runs_.ids()) {
    flush(chain, load);
  }
}

}  // namespace imbrex
