// Two analyses of one design, job by job and segment by segment.
#pragma once

#include "analyzers.hpp"

#include <gtest/gtest.h>

namespace imbrex::property {

inline void expect_same_jobs(const Analysis& a, const Analysis& b) {
  ASSERT_EQ(a.jobs.size(), b.jobs.size());
  for (std::size_t i = 0; i < a.jobs.size(); ++i) {
    ASSERT_EQ(a.jobs[i].id, b.jobs[i].id);
    ASSERT_EQ(a.jobs[i].server, b.jobs[i].server);
    ASSERT_EQ(a.jobs[i].step, b.jobs[i].step);
    ASSERT_EQ(a.jobs[i].start_ps, b.jobs[i].start_ps) << "job " << i;
    ASSERT_EQ(a.jobs[i].end_ps, b.jobs[i].end_ps) << "job " << i;
  }
}

inline void expect_same_timeline(const Analysis& a, const Analysis& b) {
  ASSERT_EQ(a.result.verdict, Verdict::feasible);
  ASSERT_EQ(b.result.verdict, Verdict::feasible);
  ASSERT_EQ(a.result.makespan_ps, b.result.makespan_ps);
  ASSERT_NO_FATAL_FAILURE(expect_same_jobs(a, b));
  ASSERT_EQ(a.segments.size(), b.segments.size());
  for (std::size_t s = 0; s < a.segments.size(); ++s) {
    ASSERT_EQ(a.segments[s].segment, b.segments[s].segment);
    ASSERT_EQ(a.segments[s].start_ps, b.segments[s].start_ps) << "segment " << s;
    ASSERT_EQ(a.segments[s].work_start_ps, b.segments[s].work_start_ps) << "segment " << s;
    ASSERT_EQ(a.segments[s].end_ps, b.segments[s].end_ps) << "segment " << s;
  }
}

// Nothing of `late` ends before it does in `early`.
inline void expect_never_early(const Analysis& late, const Analysis& early) {
  ASSERT_EQ(late.result.verdict, Verdict::feasible);
  ASSERT_GE(late.result.makespan_ps, early.result.makespan_ps);
  ASSERT_EQ(late.jobs.size(), early.jobs.size());
  for (std::size_t i = 0; i < late.jobs.size(); ++i) {
    ASSERT_GE(late.jobs[i].end_ps, early.jobs[i].end_ps) << "job " << i;
  }
}

}  // namespace imbrex::property
