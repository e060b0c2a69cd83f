// What is kept of a search that was interrupted before it put a design together.
#include "hand_made.hpp"
#include "plugin/registry.hpp"
#include "run/guarded_analyzer.hpp"
#include "run/stage_evaluator.hpp"

#include <atomic>
#include <chrono>
#include <thread>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

constexpr OperatorId kB = operator_id(1);

class InterruptedSearch : public ::testing::Test {
 protected:
  void TearDown() override { plugin::HostServices::clear_cancel(); }

  // Jobs of both layers cost what their shape says, alone: pixels are cheapest.
  Mapping shaped(OperatorId op, JobShape::Kind kind) {
    return system_.machine().cost().canonical_mapping(op, {}, {kind});
  }
  HandMade system_;
  run::StageEvaluator evaluator_{system_.machine(), system_.analyzer(), Objective::latency,
                                 system_.host()};
};

TEST_F(InterruptedSearch, KeepsNothingWhenNothingWasScored) {
  EXPECT_FALSE(evaluator_.best_so_far(system_.design()).has_value());
}

// Layers were scored, no design: pixel by pixel B waits less, 9 ns for A's third pixel of row 1.
TEST_F(InterruptedSearch, PutsTheBestLayersTogether) {
  const std::vector<Mapping> mappings = {shaped(kB, JobShape::Kind::layer),
                                         shaped(kB, JobShape::Kind::pixel)};
  std::vector<LayerCost> costs(2);
  answers().layer->latency_ps = 9000;
  evaluator_.score_layer(kB, {}, std::span(mappings).first(1), std::span(costs).first(1));
  answers().layer->latency_ps = 8000;
  evaluator_.score_layer(kB, {}, std::span(mappings).last(1), std::span(costs).last(1));
  plugin::HostServices::request_cancel();
  const std::optional<Design> kept = evaluator_.best_so_far(system_.design());
  ASSERT_TRUE(kept.has_value());
  EXPECT_EQ(kept->mapping(kB), mappings[1]);
  EXPECT_FALSE(kept->mapping(operator_id(0)).has_value());
}

TEST_F(InterruptedSearch, TakesAWholeDesignWhereThatIsBetter) {
  const Mapping layer = shaped(kB, JobShape::Kind::layer);  // waits for all of A: 16 + 16 ns
  LayerCost cost;
  evaluator_.score_layer(kB, {}, {&layer, 1}, {&cost, 1});
  const Design rows = system_.design();  // 24 ns
  const Design* const one = &rows;
  Score score;
  evaluator_.score({&one, 1}, {&score, 1});
  EXPECT_EQ(score.latency_ps, 24000);
  EXPECT_FALSE(evaluator_.best_so_far(system_.design())->mapping(kB).has_value());
}

TEST_F(InterruptedSearch, LeavesLayersAloneThatWerePlacedOtherwise) {
  const Mapping pixels = shaped(kB, JobShape::Kind::pixel);
  LayerCost cost;
  Placement two;
  two.copies = 2;
  evaluator_.score_layer(kB, two, {&pixels, 1}, {&cost, 1});
  EXPECT_FALSE(evaluator_.best_so_far(system_.design()).has_value());
}

// Pairs were judged: B's candidate whose worst pair ends first, and the neighbour's mapping with
// it.
TEST_F(InterruptedSearch, TakesWhatPairsHaveChosen) {
  const OperatorId a = operator_id(0);
  const std::vector<Mapping> candidates = {shaped(kB, JobShape::Kind::layer),
                                           shaped(kB, JobShape::Kind::row),
                                           shaped(kB, JobShape::Kind::pixel)};
  const Mapping fixed = shaped(a, JobShape::Kind::pixel);
  const Design design = system_.design();
  PairBatch batch{&design, a, kB, false, &fixed, candidates, 0, nullptr};
  run::LayerBests bests(2);
  const auto ends = [](std::int64_t x, std::int64_t y, std::int64_t z) {
    return std::vector<PairResult>{
        {Verdict::feasible, x, x, 0}, {Verdict::feasible, y, y, 0}, {Verdict::feasible, z, z, 0}};
  };
  bests.remember(batch, ends(1, 2, 3));
  bests.remember(batch, ends(9, 4, 8));  // another neighbour: worst are 9, 4, 8
  const std::vector<Design> designs = bests.applied_to(design);
  ASSERT_EQ(designs.size(), 2u);  // chosen, and chosen over what was best alone: nothing
  EXPECT_EQ(designs[0].mapping(kB), candidates[1]);
  EXPECT_EQ(designs[0].mapping(a), fixed);
}

// Chunks that were done when the user asked to stop count.
TEST_F(InterruptedSearch, RemembersTheChunksBeforeTheInterrupt) {
  const Design design = system_.design();
  const std::vector<const Design*> designs(40, &design);
  std::vector<Score> scores(designs.size());
  int analyses = 0;
  answers().spoil = [&](auto&, auto&) {
    if (++analyses == 9) {
      plugin::HostServices::request_cancel();
    }
  };
  EXPECT_THROW(evaluator_.score(designs, scores), CancelledError);
  EXPECT_TRUE(evaluator_.best().has_value());
}

TEST_F(InterruptedSearch, ComponentsAreToldOnlyWhileNobodyPutItAside) {
  plugin::HostServices services({1, LogLevel::warning, true});
  plugin::HostServices::request_cancel();
  Host& host = services.host_for("test", 1, 0);
  EXPECT_TRUE(host.cancelled());
  {
    const plugin::HostServices::CancelAside aside(services);
    EXPECT_FALSE(host.cancelled());
    EXPECT_TRUE(plugin::HostServices::cancel_requested());
  }
  EXPECT_TRUE(host.cancelled());
}

// A loop of a component that never asks is stopped where it calls another one.
TEST_F(InterruptedSearch, StopsARunningComponentAtItsNextCall) {
  plugin::HostServices services({1, LogLevel::warning, true});
  const auto call = [] { plugin::guard("test", "search", [] {}); };
  plugin::HostServices::request_cancel();
  EXPECT_NO_THROW(call()) << "no component runs";
  const plugin::HostServices::Running running(services, services.host_for("test", 1, 0));
  EXPECT_THROW(call(), CancelledError);
  {
    const plugin::HostServices::CancelAside aside(services);
    EXPECT_NO_THROW(call());
  }
  plugin::HostServices::clear_cancel();
  EXPECT_NO_THROW(call());
}

TEST_F(InterruptedSearch, StopsAnAnalysisBetweenTwoJobs) {
  struct Sink final : TimelineSink {
    void job(const TimedJob&) override {
      if (++jobs == 3) {
        plugin::HostServices::request_cancel();
      }
    }
    void statistic(std::string_view, std::int64_t) override {}
    void note(std::string_view, std::string_view) override {}
    int jobs = 0;
  };
  plugin::HostServices services({1, LogLevel::warning, true});
  const plugin::HostServices::Running running(services, services.host_for("test", 1, 0));
  const run::GuardedAnalyzer guarded("analyzer", system_.analyzer());
  const Design design = system_.design();
  const Design* const one = &design;
  OverlapResult result;
  Sink sink;
  EXPECT_THROW(guarded.analyze(guarded.request(), {&one, 1}, {&result, 1}, &sink), CancelledError);
  EXPECT_EQ(sink.jobs, 3);
}

// Says who works on and on; whoever has asked is not named.
TEST_F(InterruptedSearch, NamesTheComponentThatDoesNotAsk) {
  const auto said = [](bool asks) {
    plugin::HostOptions options{1, LogLevel::warning, true};
    options.patience_s = 0.1;
    ::testing::internal::CaptureStderr();
    plugin::HostServices services(options);
    Host& host = services.host_for("acme.search.endless", 1, 0);
    const plugin::HostServices::Running running(services, host);
    plugin::HostServices::request_cancel();
    EXPECT_TRUE(!asks || host.cancelled());
    std::this_thread::sleep_for(std::chrono::milliseconds(600));
    plugin::HostServices::clear_cancel();
    return ::testing::internal::GetCapturedStderr();
  };
  EXPECT_NE(said(false).find("acme.search.endless"), std::string::npos);
  EXPECT_EQ(said(true), "");
}

// Who will not ask a second time gets an end: soon where nobody heeds, later where somebody does.
TEST_F(InterruptedSearch, GivesUpOnWhatHangsWhenTheRequestIsTheLast) {
  const auto gives_up = [](bool is_last, bool asks) {
    std::atomic<bool> gave_up{false};
    plugin::HostOptions options{1, LogLevel::warning, true};
    options.patience_s = 0.2;
    options.give_up = [&] { gave_up = true; };
    ::testing::internal::CaptureStderr();
    {
      plugin::HostServices services(options);
      Host& host = services.host_for("acme.search.endless", 1, 0);
      const plugin::HostServices::Running running(services, host);
      plugin::HostServices::request_cancel(is_last);
      EXPECT_TRUE(!asks || host.cancelled());
      std::this_thread::sleep_for(std::chrono::milliseconds(450));
      EXPECT_TRUE(!asks || !gave_up);
      std::this_thread::sleep_for(std::chrono::milliseconds(600));
    }
    plugin::HostServices::clear_cancel();
    ::testing::internal::GetCapturedStderr();
    return gave_up.load();
  };
  EXPECT_FALSE(gives_up(false, false));
  EXPECT_TRUE(gives_up(true, false));
  EXPECT_TRUE(gives_up(true, true));
}

}  // namespace
}  // namespace imbrex::test
