#include "run/output_boxes.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace imbrex::run {
namespace {

std::array<std::int64_t, kMaxRank> begins_of(const Region& region) noexcept {
  std::array<std::int64_t, kMaxRank> begins{};
  for (std::size_t axis = 0; axis < region.rank; ++axis) {
    begins[axis] = region.axis[axis].begin;
  }
  return begins;
}

std::array<std::int64_t, kMaxRank> ends_of(const Region& region) noexcept {
  std::array<std::int64_t, kMaxRank> ends{};
  for (std::size_t axis = 0; axis < region.rank; ++axis) {
    ends[axis] = region.axis[axis].end;
  }
  return ends;
}

}  // namespace

OutputBoxes::OutputBoxes(const TimelineIndex& jobs, OperatorId op) {
  const Writers writers = jobs.writers(op);
  for (const std::uint32_t job : writers) {
    grid_.cut(jobs.output_region(job));
  }
  grid_.finish();
  if (!writers.empty() && !add_cells(jobs, writers)) {
    add_regions(jobs, writers);
    find_openers();
  }
}

// False: some job writes several cells.
bool OutputBoxes::add_cells(const TimelineIndex& jobs, const Writers& writers) {
  first_end_ps_.assign(grid_.size(), kNever);
  for (const std::uint32_t job : writers) {
    const CellGrid::Cells cells = grid_.cells_of(jobs.output_region(job));
    if (cells.low != cells.high) {
      return false;
    }
    const std::int64_t end_ps = jobs.at(job).end_ps;
    grid_.for_each(cells, [&](std::size_t cell, const auto&) {
      first_end_ps_[cell] = std::min(first_end_ps_[cell], end_ps);
    });
  }
  return true;
}

void OutputBoxes::add_regions(const TimelineIndex& jobs, const Writers& writers) {
  first_end_ps_.clear();
  boxes_of_cell_.resize(grid_.size());
  std::map<std::pair<std::array<std::int64_t, kMaxRank>, std::array<std::int64_t, kMaxRank>>,
           std::uint32_t>
      known;
  for (const std::uint32_t job : writers) {
    const Region region = jobs.output_region(job);
    const auto number = static_cast<std::uint32_t>(regions_.size());
    const auto [at, is_new] = known.try_emplace({begins_of(region), ends_of(region)}, number);
    if (is_new) {
      regions_.push_back(region);
      first_end_ps_.push_back(kNever);
      grid_.for_each(grid_.cells_of(region), [&](std::size_t cell, const auto&) {
        boxes_of_cell_[cell].push_back(number);
      });
    }
    std::int64_t& end_ps = first_end_ps_[at->second];
    end_ps = std::min(end_ps, jobs.at(job).end_ps);
  }
  seen_.assign(regions_.size(), 0);
}

void OutputBoxes::find_openers() {
  std::map<std::array<std::int64_t, kMaxRank>, std::uint32_t> earliest;
  for (std::uint32_t box = 0; box < regions_.size(); ++box) {
    std::uint32_t& first = earliest.try_emplace(begins_of(regions_[box]), box).first->second;
    first = first_end_ps_[box] < first_end_ps_[first] ? box : first;
  }
  opens_.assign(regions_.size(), false);
  for (const auto& [begins, box] : earliest) {
    opens_[box] = true;
  }
}

}  // namespace imbrex::run
