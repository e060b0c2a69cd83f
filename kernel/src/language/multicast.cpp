#include "language/multicast.hpp"

#include "language/repeated_sum.hpp"

namespace imbrex {

MulticastLoads::MulticastLoads(const Topology& topology, LaneLoads& lanes)
    : topology_(topology), lanes_(lanes), readers_(topology), branches_(topology.nodes()) {}

WayLengths MulticastLoads::add(std::int32_t source, std::span<const std::int32_t> destinations,
                               double words) {
  if (readers_.is_other(destinations)) {
    settle();
    readers_.assign(destinations);
  }
  if (source >= topology_.nodes() || !readers_.ports().empty()) {
    settle();
    add_tree(source, words);
    return readers_.ways_from(source);
  }
  const std::int32_t row = source / topology_.columns();
  if (row != row_ || words != words_) {
    settle();
    row_ = row;
    words_ = words;
  }
  ++times_;
  lanes_.spread(true, source, readers_.columns(), words);
  return readers_.ways_from(source);
}

void MulticastLoads::add_tree(std::int32_t source, double words) {
  std::int32_t start = source;
  if (source >= topology_.nodes()) {
    start = topology_.node(source - topology_.nodes(), 0);
    lanes_.pass_port(source, start, words);
  }
  lanes_.spread(true, start, readers_.columns(), words);
  const std::int32_t row = start / topology_.columns();
  for (std::size_t i = 0; i < readers_.columns().size(); ++i) {
    const std::int32_t turn = topology_.node(row, readers_.columns()[i]);
    lanes_.spread(false, turn, readers_.distinct_rows(readers_.list(i, -1)), words);
  }
  for (const std::int32_t port : readers_.ports()) {
    lanes_.pass_port(topology_.node(port - topology_.nodes(), 0), port, words);
  }
}

void MulticastLoads::settle() {
  if (times_ == 0) {
    return;
  }
  for (std::size_t i = 0; i < readers_.columns().size(); ++i) {
    const std::int32_t key = topology_.node(row_, readers_.columns()[i]);
    Branch& branch = branches_[key];
    const std::int32_t list = readers_.list(i, branch.readers);
    if (list != branch.readers) {
      release(key);
      branch.readers = list;
    }
    branch.words = repeated_sum(branch.words, words_, times_);
  }
  times_ = 0;
}

void MulticastLoads::release(std::int32_t branch) {
  Branch& gathered = branches_[branch];
  if (gathered.words > 0) {
    lanes_.spread(false, branch, readers_.distinct_rows(gathered.readers), gathered.words);
  }
  gathered.words = 0;
}

void MulticastLoads::finish() {
  settle();
  for (const std::int32_t branch : branches_.ids()) {
    release(branch);
  }
}

}  // namespace imbrex
