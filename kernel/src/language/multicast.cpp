#include "language/multicast.hpp"

namespace imbrex {

MulticastLoads::MulticastLoads(const Topology& topology)
    : topology_(topology),
      branches_(static_cast<std::size_t>(topology.nodes())),
      by_column_(static_cast<std::size_t>(topology.columns())),
      last_user_(topology.links_and_ports().size(), 0) {}

void MulticastLoads::put(std::int32_t from, std::int32_t to, std::int64_t user, double words,
                         std::vector<double>& load) {
  path_.clear();
  topology_.route(from, to, path_);
  for (const std::int32_t link : path_) {
    const auto i = static_cast<std::size_t>(link);
    if (last_user_[i] != user) {
      last_user_[i] = user;
      load[i] += words;
    }
  }
}

void MulticastLoads::add(std::int32_t source, std::span<const std::int32_t> destinations,
                         double words, std::vector<double>& load) {
  const std::int32_t columns = topology_.columns();
  const std::int32_t row = source / columns;
  for (const std::int32_t destination : destinations) {
    by_column_[static_cast<std::size_t>(destination % columns)].push_back(destination);
  }
  const std::int64_t user = ++users_;
  for (std::int32_t column = 0; column < columns; ++column) {
    std::vector<std::int32_t>& here = by_column_[static_cast<std::size_t>(column)];
    if (here.empty()) {
      continue;
    }
    put(source, topology_.node(row, column), user, words, load);
    const auto key = static_cast<std::size_t>(topology_.node(row, column));
    if (branches_[key].destinations != here) {
      release(key, load);
      branches_[key].destinations = here;
    }
    branches_[key].words += words;
    here.clear();
  }
}

void MulticastLoads::release(std::size_t branch, std::vector<double>& load) {
  Branch& gathered = branches_[branch];
  const std::int64_t user = ++users_;
  for (const std::int32_t destination : gathered.destinations) {
    put(static_cast<std::int32_t>(branch), destination, user, gathered.words, load);
  }
  gathered.words = 0;
}

void MulticastLoads::finish(std::vector<double>& load) {
  for (std::size_t branch = 0; branch < branches_.size(); ++branch) {
    if (branches_[branch].words > 0) {
      release(branch, load);
    }
  }
}

}  // namespace imbrex
