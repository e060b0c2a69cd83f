#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/spatial/multicast_tree.hpp>

namespace imbrex::spatial {

MulticastTrees::MulticastTrees(const Topology& topology)
    : topology_(topology), position_(topology.links_and_ports().size(), -1) {}

std::span<const TreeLink> MulticastTrees::tree(std::int32_t source,
                                               std::span<const std::int32_t> destinations) {
  for (const TreeLink& old : tree_) {
    position_[old.link] = -1;
  }
  tree_.clear();
  for (const std::int32_t destination : destinations) {
    path_.clear();
    if (destination != source) {
      topology_.route(source, destination, path_);
    }
    std::int32_t parent = -1;
    for (const std::int32_t link : path_) {
      std::int32_t& position = position_[link];
      if (position < 0) {
        position = static_cast<std::int32_t>(tree_.size());
        tree_.push_back({link, parent});
      }
      IMBREX_ASSERT(tree_[position].parent == parent);
      parent = position;
    }
  }
  return tree_;
}

}  // namespace imbrex::spatial
