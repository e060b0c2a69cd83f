#include "optimum/uneven_search.hpp"

namespace imbrex::optimum {
namespace {

constexpr std::int64_t kSharesOneByOne = 16;

}  // namespace

void ClassSearch::split(const ClassNode& node, const ClassTile& tile, std::vector<Shared>& found) {
  const Step& step = parts_.layout.steps[node.step];
  ClassSplit now;
  now.tile[step.to] = tile;
  split(node, step.to, 0, 1, now, found);
}

// The spatial loops of the levels outside `level`, from the inside out; of the next one those over
// the dimensions from `dim` on.
void ClassSearch::split(const ClassNode& node, std::size_t level, std::size_t dim,
                        std::int64_t product, ClassSplit& now, std::vector<Shared>& found) {
  const Step& step = parts_.layout.steps[node.step];
  const Slot& slot = parts_.layout.spatial[level - 1];
  const bool is_outermost = level - 1 == step.from;
  if (dim == kDimCount && !is_outermost) {
    if (tables_.fits(level - 1, parts_.lattice.code(now.tile[level - 1]))) {
      split(node, level - 1, 0, 1, now, found);
    }
    return;
  }
  if (dim == kDimCount) {
    ++answer_.states;
    if (can_begin(node, now)) {
      const double bound = ClassInflow(parts_, tables_, node, now).least();
      bound < cut() ? found.push_back({bound, now}) : void(++answer_.pruned.by_tile);
    }
    return;
  }
  const TileClasses& classes = parts_.lattice.of(dim);
  const std::uint16_t inner = now.tile[level][dim];
  for (const std::uint16_t outer : classes.outside(inner)) {
    const LoopRange loop = classes.loop(outer, inner);
    if (outer > node.tile[dim] || product * loop.low > slot.fanout) {
      return;
    }
    if (!loop.meets(slot.low[dim], slot.high[dim]) ||
        classes.loop(node.tile[dim], outer).is_empty()) {
      continue;
    }
    (is_outermost ? now.rest : now.tile[level - 1])[dim] = outer;
    const bool is_all = classes[outer].tiles == 1;
    const std::int64_t low = is_all ? loop.low : std::max(loop.low, slot.low[dim]);
    const std::int64_t high = is_all ? loop.low : std::min(loop.high, slot.high[dim]);
    share(node, level, dim, product, {low, std::min(high, slot.fanout / product)}, now, found);
  }
}

// How many instances share the work tells what stays with them: one by one where they are few.
void ClassSearch::share(const ClassNode& node, std::size_t level, std::size_t dim,
                        std::int64_t product, const LoopRange& shares, ClassSplit& now,
                        std::vector<Shared>& found) {
  for (std::int64_t share = shares.low; share <= shares.high;) {
    const bool is_alone = share == shares.low || shares.high - shares.low < kSharesOneByOne;
    const std::int64_t last = is_alone ? share : shares.high;
    now.least_share[level - 1][dim] = static_cast<std::int32_t>(share);
    now.most_share[level - 1][dim] = static_cast<std::int32_t>(last);
    split(node, level, dim + 1, product * share, now, found);
    share = last + 1;
  }
}

// Are there temporal loops for what is left, and do spatial ones use as many instances as wanted?
bool ClassSearch::can_begin(const ClassNode& node, const ClassSplit& split) const noexcept {
  const Step& step = parts_.layout.steps[node.step];
  const Slot& steps = parts_.layout.temporal[step.from];
  for (std::size_t d = 0; d < kDimCount; ++d) {
    if (!parts_.lattice.of(d)
             .loop(node.tile[d], split.rest[d])
             .meets(steps.low[d], steps.high[d])) {
      return false;
    }
  }
  for (std::size_t l = step.from; l < step.to; ++l) {
    double most = 1;
    for (std::size_t d = 0; d < kDimCount; ++d) {
      const std::size_t outer = l == step.from ? split.rest[d] : split.tile[l][d];
      const bool is_all = parts_.lattice.of(d)[outer].tiles == 1;
      most *=
          static_cast<double>(is_all ? parts_.layout.spatial[l].high[d] : split.most_share[l][d]);
    }
    if (most < static_cast<double>(parts_.layout.spatial[l].floor)) {
      return false;
    }
  }
  return true;
}

}  // namespace imbrex::optimum
