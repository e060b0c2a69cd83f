// An analyzer that is right, and one for each way of being wrong. A has 4 rows of 4 positions at a
// nanosecond, one after another: 0, 4, 8, 12 to 16 ns. B's row y needs A's rows y-1 to y+1, so its
// rows start at 8, 12, 16 and 20 ns and the last ends at 24.
#include "hand_made.hpp"
#include "run/analysis.hpp"
#include "run/stage_evaluator.hpp"

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

constexpr OperatorId kA = operator_id(0);
constexpr OperatorId kB = operator_id(1);

TimedJob& job_of(std::vector<TimedJob>& jobs, OperatorId op, std::int64_t step) {
  return *std::find_if(jobs.begin(), jobs.end(),
                       [&](const TimedJob& job) { return job.id == op && job.step == step; });
}
void move(TimedJob& job, std::int64_t by_ps) {
  job.start_ps += by_ps;
  job.end_ps += by_ps;
}

class Audits : public ::testing::Test {
 protected:
  run::Analysis analyze(run::Audited audited = run::Audited::yes) {
    return run::analyze_in_detail(HandMade::place(), system_.analyzer(), {}, design_,
                                  system_.machine(), audited);
  }
  std::string blamed() {
    return thrown<BlamedError>([&] { analyze(); });
  }
  HandMade system_;
  Design design_ = system_.design();
};

TEST_F(Audits, PassATimelineThatIsRight) {
  const run::Analysis analysis = analyze();
  EXPECT_EQ(analysis.timeline.makespan_ps, 24000);
  EXPECT_EQ(analysis.exactness, Exactness::exact);
}

TEST_F(Audits, FindJobsThatStartTooEarly) {
  answers().spoil = [](auto& jobs, auto&) { move(job_of(jobs, kB, 0), -1); };
  EXPECT_EQ(
      blamed(),
      "stage 2 (test.overlap.hand-made): timeline: job 0 on server 0 of operator 'B' starts at "
      "7999 ps; what it reads of 'A' is there at 8000 ps");
}

TEST_F(Audits, TakeRunsOfJobs) {
  // B as two runs of rows, instead of job by job.
  answers().spoil = [](auto& jobs, auto&) {
    std::erase_if(jobs, [](const TimedJob& job) { return job.id == kB; });
  };
  answers().runs = {{{kB, 0, 0, 8000, 12000}, 4000, 3}, {{kB, 0, 3, 20000, 24000}, 0, 1}};
  EXPECT_EQ(analyze().timeline.makespan_ps, 24000);
  answers().runs[0].period_ps = 4001;
  EXPECT_NE(
      blamed().find("job 3 on server 0 of operator 'B' starts at 20000 ps; its server is free "
                    "at 20002 ps"),
      std::string::npos)
      << blamed();
}

TEST_F(Audits, BlameRunsThatNoOrderHas) {
  const TimedJob first{kA, 0, 3, 4000, 8000};
  const JobRun runs[] = {{first, 4000, 0},
                         {first, 4000, -3},
                         {first, INT64_MAX / 2, 4},
                         {first, INT64_MIN, 3},
                         {first, 0, INT64_MAX}};
  for (const JobRun& run : runs) {
    answers().runs = {run};
    EXPECT_NE(blamed().find("reported a run of " + std::to_string(run.count) + " jobs"),
              std::string::npos)
        << blamed();
  }
}

TEST_F(Audits, FindMissingDoubledUnknownAndShortenedJobs) {
  answers().spoil = [](auto& jobs, auto&) { jobs.erase(jobs.begin() + 1); };
  EXPECT_NE(blamed().find("job 1 on server 0 of operator 'A' is missing"), std::string::npos);
  answers().spoil = [](auto& jobs, auto&) { jobs.push_back(jobs[1]); };
  EXPECT_NE(blamed().find("job 1 on server 0 of operator 'A' was timed twice"), std::string::npos);
  answers().spoil = [](auto& jobs, auto&) { jobs[1].step = 4; };
  EXPECT_NE(blamed().find("job 4 on server 0 of operator 'A', which does not exist"),
            std::string::npos);
  answers().spoil = [](auto& jobs, auto&) { jobs[1].server = -1; };
  EXPECT_NE(blamed().find("server -1"), std::string::npos);
  answers().spoil = [](auto& jobs, auto&) { jobs[1].id = operator_id(77); };
  EXPECT_NE(blamed().find("operator 77, which is not mapped"), std::string::npos);
  answers().spoil = [](auto& jobs, auto&) { job_of(jobs, kA, 3).end_ps -= 1; };
  EXPECT_NE(blamed().find("takes 3999 ps; its duration is 4000 ps"), std::string::npos);
}

TEST_F(Audits, FindJobsThatOverlapOnTheirServer) {
  answers().spoil = [](auto& jobs, auto&) { move(job_of(jobs, kA, 1), -1); };
  EXPECT_NE(blamed().find("job 1 on server 0 of operator 'A' starts at 3999 ps; its server is free "
                          "at 4000 ps"),
            std::string::npos);
}

TEST_F(Audits, FindWrongMakespans) {
  answers().spoil = [](auto&, auto& makespan_ps) { makespan_ps += 1; };
  EXPECT_NE(blamed().find("the makespan is 24001 ps; the last thing that happens ends at 24000 ps"),
            std::string::npos);
  answers().fidelity.exactness = Exactness::conservative;
  EXPECT_EQ(blamed(), "");  // later than need be is what conservative means
  answers().spoil = [](auto&, auto& makespan_ps) { makespan_ps -= 1; };
  EXPECT_NE(blamed().find("outside the makespan"), std::string::npos);
}

// An estimate may start jobs before their sources; everything else holds for it, too.
TEST_F(Audits, AllowEstimatesWhatTheyEstimate) {
  answers().spoil = [](auto& jobs, auto&) { move(job_of(jobs, kB, 0), -8000); };
  answers().fidelity = {Verdict::feasible, Exactness::estimate, {"sources"}, false};
  EXPECT_EQ(analyze().exactness, Exactness::estimate);
  answers().spoil = [](auto& jobs, auto&) { job_of(jobs, kB, 0).start_ps += 1; };
  EXPECT_NE(blamed().find("its duration is 4000 ps"), std::string::npos);
}

TEST_F(Audits, FindServersThatLeaveTheLockStep) {
  answers().servers_in_lock_step = true;
  design_.placement(kA).copies = 2;  // rows 0, 2 and 1, 3: both start at 0, then at 4 ns
  EXPECT_EQ(blamed(), "");
  answers().spoil = [](auto& jobs, auto&) {
    for (TimedJob& job : jobs) {
      if (job.id == kA && job.server == 1) {
        move(job, 1);
      }
    }
  };
  EXPECT_NE(blamed().find("in lock-step"), std::string::npos);
}

TEST_F(Audits, CountTheWeightsOfASegment) {
  answers().overhead.weight_load_ps = 5;  // the analyzer forgets it
  EXPECT_NE(blamed().find("it has times of 0 segments; the design has 1"), std::string::npos);
}

TEST_F(Audits, RefuseResultsThatWereNotWritten) {
  answers().writes_results = false;
  EXPECT_NE(blamed().find("analysis of design 1 of 1 has no answer"), std::string::npos);
}

TEST_F(Audits, AskBeforeTheAnalysisWhetherItIsPossible) {
  answers().fidelity = {Verdict::unsupported, Exactness::exact, {"chains of jobs"}, false};
  answers().spoil = [](auto&, auto&) { FAIL() << "was run"; };
  EXPECT_EQ(thrown<InfeasibleError>([&] { analyze(); }),
            "stage 2 (test.overlap.hand-made): cannot analyse this design: chains of jobs");
}

// In a batch of 2 000 a sample is audited: 1 of 128, so that none is with probability 1.5e-7.
TEST_F(Audits, SampleWhatSearchesScore) {
  const std::vector<const Design*> designs(2000, &design_);
  std::vector<Score> scores(designs.size());
  const auto score = [&](run::Checks checks) {
    run::EvaluatorOptions options;
    options.analyzer = HandMade::place();
    options.checks = checks;
    run::StageEvaluator evaluator(system_.machine(), system_.analyzer(), Objective::latency,
                                  system_.host(), options);
    return thrown<BlamedError>([&] { evaluator.score(designs, scores); });
  };
  EXPECT_EQ(score({}), "");
  answers().spoil = [](auto& jobs, auto&) { move(job_of(jobs, kB, 0), -1); };
  EXPECT_NE(score({}).find("what it reads of 'A' is there at 8000 ps"), std::string::npos);
  EXPECT_EQ(score({true, false}), "");
  // Every answer of the analyzer is a picosecond more than the one before.
  int calls = 0;
  answers().spoil = [&](auto&, auto& makespan_ps) { makespan_ps += calls++; };
  answers().fidelity.exactness = Exactness::conservative;
  EXPECT_NE(score({}).find(" ps in a batch and "), std::string::npos);
}

}  // namespace
}  // namespace imbrex::test
