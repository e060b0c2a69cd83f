#include "language/multicast.hpp"

namespace imbrex {

MulticastLoads::MulticastLoads(const Topology& topology)
    : topology_(topology),
      branches_(topology.nodes()),
      by_column_(topology.columns()),
      last_user_(topology.links_and_ports().size(), 0) {}

void MulticastLoads::put(std::int32_t from, std::int32_t to, std::int64_t user, double words,
                         IndexVector<std::int32_t, double>& load) {
  path_.clear();
  topology_.route(from, to, path_);
  for (const std::int32_t link : path_) {
    if (last_user_[link] != user) {
      last_user_[link] = user;
      load[link] += words;
    }
  }
}

void MulticastLoads::add(std::int32_t source, std::span<const std::int32_t> destinations,
                         double words, IndexVector<std::int32_t, double>& load) {
  const std::int32_t columns = topology_.columns();
  const std::int32_t row = source / columns;
  for (const std::int32_t destination : destinations) {
    by_column_[destination % columns].push_back(destination);
  }
  const std::int64_t user = ++users_;
  for (std::int32_t column = 0; column < columns; ++column) {
    std::vector<std::int32_t>& here = by_column_[column];
    if (here.empty()) {
      continue;
    }
    put(source, topology_.node(row, column), user, words, load);
    const std::int32_t key = topology_.node(row, column);
    if (branches_[key].destinations != here) {
      release(key, load);
      branches_[key].destinations = here;
    }
    branches_[key].words += words;
    here.clear();
  }
}

void MulticastLoads::release(std::int32_t branch, IndexVector<std::int32_t, double>& load) {
  Branch& gathered = branches_[branch];
  const std::int64_t user = ++users_;
  for (const std::int32_t destination : gathered.destinations) {
    put(branch, destination, user, gathered.words, load);
  }
  gathered.words = 0;
}

void MulticastLoads::finish(IndexVector<std::int32_t, double>& load) {
  for (const std::int32_t branch : branches_.ids()) {
    if (branches_[branch].words > 0) {
      release(branch, load);
    }
  }
}

}  // namespace imbrex
