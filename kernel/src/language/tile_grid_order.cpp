#include "language/orders.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <limits>

namespace imbrex {
namespace {

// Borders of tiles of `size` over [0, extent), plus the borders of `strips` equal strips: strip k
// owns the positions x with floor(x * strips / extent) == k, so it begins at ceil(k * extent /
// strips).
std::vector<std::int64_t> cuts(std::int64_t extent, std::int64_t size, std::int64_t strips) {
  std::vector<std::int64_t> borders;
  for (std::int64_t x = 0; x < extent; x += size) {
    borders.push_back(x);
  }
  borders.push_back(extent);
  if (strips > 1) {
    // More strips than positions leave some strips empty; the others begin at every position.
    const std::int64_t useful = std::min(strips, extent);
    for (std::int64_t k = 1; k < useful; ++k) {
      borders.push_back(strips >= extent ? k : ceil_div(k * extent, strips));
    }
    std::sort(borders.begin(), borders.end());
    borders.erase(std::unique(borders.begin(), borders.end()), borders.end());
  }
  return borders;
}

}  // namespace

TileGridOrder::TileGridOrder(const LoopBounds& bounds, const GridShape& job, std::int64_t copies,
                             Dealing dealing, const JobClock& clock, bool lock_step)
    : bounds_(bounds),
      clock_(clock),
      copies_(copies),
      lock_step_(lock_step),
      even_(bounds[Dim::N] % job.samples == 0 && bounds[Dim::P] % job.height == 0 &&
            bounds[Dim::Q] % job.width == 0 && dealing == Dealing::round_robin),
      sample_cuts_(cuts(bounds[Dim::N], job.samples, 1)),
      row_cuts_(cuts(bounds[Dim::P], job.height, dealing == Dealing::strip_h ? copies : 1)),
      column_cuts_(cuts(bounds[Dim::Q], job.width, dealing == Dealing::strip_w ? copies : 1)) {
  const std::size_t cells = (sample_cuts_.size() - 1) * cells_per_sample();
  IMBREX_ASSERT(cells <= static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()));
  server_.resize(cells);
  step_.resize(cells);
  if (dealing == Dealing::round_robin) {
    deal_round_robin();
  } else {
    deal_strips(dealing == Dealing::strip_w);
  }
  grid_ = {sample_cuts_, row_cuts_, column_cuts_, server_, step_};
}

void TileGridOrder::deal_round_robin() {
  std::int32_t server = 0;
  std::int32_t step = 0;
  for (std::size_t cell = 0; cell < server_.size(); ++cell) {
    server_[cell] = server;
    step_[cell] = step;
    if (++server == copies_) {
      server = 0;
      ++step;
    }
  }
}

void TileGridOrder::deal_strips(bool by_column) {
  const std::size_t columns = column_cuts_.size() - 1;
  const std::int64_t extent = by_column ? bounds_[Dim::Q] : bounds_[Dim::P];
  IndexVector<std::int32_t, std::int32_t> next(copies_, 0);
  for (std::size_t cell = 0; cell < server_.size(); ++cell) {
    const std::size_t position = cell % cells_per_sample();
    const std::int64_t at =
        by_column ? column_cuts_[position % columns] : row_cuts_[position / columns];
    server_[cell] = static_cast<std::int32_t>(at * copies_ / extent);
    step_[cell] = next[server_[cell]]++;
  }
  first_cell_.assign(1, 0);
  for (const std::int32_t count : next) {
    first_cell_.push_back(first_cell_.back() + count);
  }
  cells_.resize(server_.size());
  for (std::size_t cell = 0; cell < server_.size(); ++cell) {
    const std::int64_t first = first_cell_[server_[cell]];
    cells_[first + step_[cell]] = static_cast<std::int32_t>(cell);
  }
}

std::optional<std::int64_t> TileGridOrder::equal_jobs_ps() const noexcept {
  return even_ ? std::optional(job(0, 0).duration_ps) : std::nullopt;
}

std::int64_t TileGridOrder::step_count(std::int64_t server) const noexcept {
  if (first_cell_.empty()) {  // round robin needs no table
    const std::int64_t cells = static_cast<std::int64_t>(server_.size());
    return server < cells ? (cells - server - 1) / copies_ + 1 : 0;
  }
  return first_cell_[server + 1] - first_cell_[server];
}

Job TileGridOrder::job(std::int64_t step, std::int64_t server) const noexcept {
  const std::int64_t cell =
      first_cell_.empty() ? step * copies_ + server : cells_[first_cell_[server] + step];
  const std::size_t columns = column_cuts_.size() - 1;
  const std::size_t place = static_cast<std::size_t>(cell);
  const std::size_t sample = place / cells_per_sample();
  const std::size_t row = place % cells_per_sample() / columns;
  const std::size_t column = place % columns;
  Job job;
  job.box = bounds_.whole();
  job.box[Dim::N] = {sample_cuts_[sample], sample_cuts_[sample + 1]};
  job.box[Dim::P] = {row_cuts_[row], row_cuts_[row + 1]};
  job.box[Dim::Q] = {column_cuts_[column], column_cuts_[column + 1]};
  job.duration_ps = clock_.duration_ps(job.box);
  return job;
}

}  // namespace imbrex
