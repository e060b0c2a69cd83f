#include "optimum/orders.hpp"

#include <algorithm>

namespace imbrex::optimum {
namespace {

using DimSet = std::uint32_t;
using RoleSet = std::uint32_t;

class Arranger {
 public:
  Arranger(const Boundaries& boundaries, std::size_t step) : boundaries_(boundaries), step_(step) {
    for (const Boundary& boundary : boundaries.of_step(step)) {
      active_ |= boundary.child < boundaries.levels() ? 1u << boundary.role : 0;
    }
    for (std::size_t role = 0; role < kRoles; ++role) {
      active_ |= boundaries.goes_on(step, role) ? 1u << role : 0;
    }
  }

  // `outermost`: whose places are given, outermost first.
  std::vector<Order> all(DimSet loops, const std::vector<std::size_t>& outermost) {
    for (const std::size_t dim : outermost) {
      if ((loops >> dim & 1) != 0) {
        given_.push_back(dim);
        loops &= ~(1u << dim);
      }
    }
    place(loops, active_);
    return std::move(orders_);
  }

 private:
  bool is_active(RoleSet active, std::size_t role) const noexcept {
    return (active >> role & 1) != 0;
  }
  RoleSet left_by(std::size_t dim, RoleSet active) const noexcept {
    for (std::size_t role = 0; role < kRoles; ++role) {
      active &= boundaries_.volumes(role).is_lost_by(dim) ? ~(1u << role) : ~0u;
    }
    return active;
  }
  // Nobody whose tile is still kept sees the loop, here or further out: inside it only lengthens
  // what is kept. Where windows have moved, or tiles further inside may have, they can come back to
  // where they were, and the loop could spoil that.
  bool is_unseen(std::size_t dim, RoleSet active) const noexcept {
    for (std::size_t role = 0; role < kRoles; ++role) {
      const VolumeBounds& tensor = boundaries_.volumes(role);
      if (!is_active(active, role)) {
        continue;
      }
      const bool has_moved = std::any_of(inside_.begin(), inside_.end(), [&](std::size_t inner) {
        return tensor.depends_on(inner);
      });
      if (tensor.depends_on(dim) ||
          (tensor.has_windows() && (has_moved || boundaries_.goes_on(step_, role)))) {
        return false;
      }
    }
    return true;
  }

  // Neighbours hand on as the loops inside say, the innermost that moves a tile in exact counting:
  // whether that is less or more than what it spares depends on the levels' energies and ports, so
  // here a loop may neither go outwards (`ends`) nor, under Timeloop's counting, inwards.
  bool decides_links(RoleSet active, bool ends) const noexcept {
    for (std::size_t role = 0; role < kRoles; ++role) {
      const VolumeBounds& tensor = boundaries_.volumes(role);
      if (!is_active(active, role) || !boundaries_.hands_on(step_, role)) {
        continue;
      }
      const bool has_moved = std::any_of(inside_.begin(), inside_.end(), [&](std::size_t inner) {
        return tensor.depends_on(inner);
      });
      const bool may_hand_on =
          inside_.empty() || boundaries_.goes_on(step_, role) || tensor.depends_on(inside_.front());
      if (boundaries_.is_exact() ? ends && !has_moved : may_hand_on) {
        return true;
      }
    }
    return false;
  }

  // The loops of which one has to be the next one outwards.
  DimSet choices_of(DimSet left, RoleSet active) const noexcept {
    DimSet choices = 0;
    DimSet ends = 0;
    for (std::size_t d = 0; d < kDimCount; ++d) {
      if ((left >> d & 1) == 0) {
        continue;
      }
      if (is_unseen(d, active) && !decides_links(active, false)) {
        return 1u << d;
      }
      (left_by(d, active) != 0 ? choices : ends) |= 1u << d;
    }
    // Who ends everything goes last; it does not matter which one.
    const bool may_end = choices == 0 || decides_links(active, true);
    return choices | (may_end ? ends & (~ends + 1) : 0);
  }

  void place(DimSet left, RoleSet active) {
    if (left == 0 || active == 0) {
      finish(left);
      return;
    }
    const DimSet choices = choices_of(left, active);
    for (std::size_t d = 0; d < kDimCount; ++d) {
      if ((choices >> d & 1) != 0) {
        inside_.push_back(d);
        place(left & ~(1u << d), left_by(d, active));
        inside_.pop_back();
      }
    }
  }

  void finish(DimSet left) {
    Order order;
    const auto add = [&](std::size_t dim) {
      order.dim[order.count++] = static_cast<std::uint8_t>(dim);
    };
    std::for_each(given_.begin(), given_.end(), add);
    for (std::size_t d = 0; d < kDimCount; ++d) {
      if ((left >> d & 1) != 0) {
        add(d);
      }
    }
    std::for_each(inside_.rbegin(), inside_.rend(), add);
    orders_.push_back(order);
  }

  const Boundaries& boundaries_;
  std::size_t step_;
  RoleSet active_ = 0;
  std::vector<std::size_t> given_;
  std::vector<std::size_t> inside_;  // innermost first
  std::vector<Order> orders_;
};

}  // namespace

Runs runs_of(const Boundaries& boundaries, const Order& order, const Extents& bounds,
             const Runs& before) noexcept {
  Runs runs;
  for (std::size_t role = 0; role < kRoles; ++role) {
    Run& run = runs[role];
    for (std::size_t i = order.count; i-- > 0 && run.first == kDimCount;) {
      const std::size_t dim = order.dim[i];
      if (boundaries.volumes(role).depends_on(dim)) {
        run.first = dim;
      } else {
        run.free *= static_cast<double>(bounds[dim]);
      }
    }
    if (run.first == kDimCount) {
      run = {run.free * before[role].free, before[role].first};
    }
  }
  return runs;
}

std::vector<Order> orders_of(const Boundaries& boundaries, std::size_t step, const Slot& slot,
                             const Extents& bounds) {
  DimSet loops = 0;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    loops |= bounds[d] > 1 ? 1u << d : 0;
  }
  if (!slot.ordered) {
    Order ascending;
    for (std::size_t d = 0; d < kDimCount; ++d) {
      if (bounds[d] > 1) {
        ascending.dim[ascending.count++] = static_cast<std::uint8_t>(d);
      }
    }
    return {ascending};
  }
  return Arranger(boundaries, step).all(loops, slot.prefix);
}

std::uint64_t seen_by(const VolumeBounds& tensor, const Order& order) noexcept {
  std::uint64_t key = 1;
  for (std::size_t i = order.count; i-- > 0;) {
    key = key * (kDimCount + 1) + order.dim[i] + 1;
    if (tensor.is_lost_by(order.dim[i])) {
      break;
    }
  }
  return key;
}

}  // namespace imbrex::optimum
