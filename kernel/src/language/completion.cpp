#include <imbrex/plugin/error.hpp>
#include <imbrex/values/completion.hpp>

#include <algorithm>
#include <utility>

namespace imbrex {

Completion::Completion(FinishIndex index, std::int64_t first_end_ps, std::int64_t period_ps)
    : form_(Affine{std::move(index), first_end_ps, period_ps}) {}

Completion::Completion(FinishIndex index, IndexVector<std::int64_t, std::int64_t> step_end_ps)
    : form_(Steps{std::move(index), std::move(step_end_ps)}) {
  IMBREX_ASSERT(
      std::is_sorted(std::get<Steps>(form_).end_ps.begin(), std::get<Steps>(form_).end_ps.end()));
}

Completion::Completion(TileTimes tiles) : form_(std::move(tiles)) {}

std::int64_t Completion::ready_ps(const Region& region) const {
  if (const auto* const tiles = std::get_if<TileTimes>(&form_)) {
    return tiles->max_over(region);
  }
  if (const auto* const steps = std::get_if<Steps>(&form_)) {
    return steps->end_ps[steps->index.ready_step(region)];
  }
  const Affine& affine = std::get<Affine>(form_);
  return affine.first_end_ps + affine.index.ready_step(region) * affine.period_ps;
}

}  // namespace imbrex
