// The rectangles of a Gantt chart: one per job while runs of them are few, else pieces of time in
// which lanes are at work with short pauses. Pure. [any thread]
#pragma once

#include <imbrex/values/design.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace imbrex::html {

// `count` equal rectangles on one lane, each `period_ps` behind the one before.
struct Bar {
  std::int64_t lane = 0;
  std::int64_t step = 0;  // of the first job; one more per rectangle while a rectangle is a job
  std::int64_t start_ps = 0;
  std::int64_t length_ps = 0;
  std::int64_t period_ps = 0;
  std::int64_t count = 1;
  Wait waited_for = Wait::nothing;  // of the first job
  std::int64_t jobs = 1;            // in one rectangle
  std::int64_t busy_ps = 0;         // time at work in one rectangle, over all servers of the lane
  constexpr std::int64_t end_ps() const noexcept {
    return start_ps + (count - 1) * period_ps + length_ps;
  }
  friend constexpr bool operator==(const Bar&, const Bar&) = default;
};

// How far jobs are put together: those of a lane that follow one another after at most `gap_ps`,
// -1: none, and `servers` neighbouring servers of an operator share a lane.
struct Merging {
  std::int64_t gap_ps = -1;
  std::int64_t servers = 1;
  bool exact() const noexcept { return gap_ps < 0; }
};

// Ascending by lane, then by start: what putting the single jobs of each lane together from left to
// right gives, but equal neighbours as one run. `runs` are those of one operator, of whose servers
// no job starts before the one before it ends. O(runs), and where servers share a lane O(n log n)
// of the jobs with longer pauses.
std::vector<Bar> bars_of(std::span<const JobRun> runs, const Merging& merging);

// What leaves at most `most` bars of all operators, a run counted once: nothing is put together
// when they are no more; else first pauses up to 1/1024 of the makespan are filled, then servers
// share lanes, then longer pauses are filled, each no further than about needed. Of more operators
// than `most`, one rectangle each. `bars_of` in at most 64 steps.
Merging merging_for(const JobList& jobs, std::int64_t makespan_ps, std::int64_t most);

}  // namespace imbrex::html
