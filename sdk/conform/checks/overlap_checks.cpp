// The laws of overlap analyzers: what is published as a timeline is one, and says how far to trust
// it.
#include "analyzer_trial.hpp"
#include "checks.hpp"
#include "plugin/traits.hpp"
#include "run/analysis.hpp"
#include "run/exactness.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace imbrex::conform {
namespace {

constexpr Kinds kOverlap = kinds_of({Kind::overlap_analyzer});
constexpr std::string_view kAnswers[] = {"errors/ordinary-networks-are-answered"};
constexpr std::string_view kAudited[] = {"errors/ordinary-networks-are-answered",
                                         "overlap/timelines-pass-the-audit"};
constexpr int kDesigns = 100;
constexpr int kFewDesigns = 24;

// The kernel's analysis with its audit; whatever the analyzer cannot model it refuses.
void audited(const AnalyzerTrial& trial, const AnalysisRequest& request, const Design& design,
             const Component* declared) {
  const run::ComponentPlace place{std::string(trial.stand().setting().subject.id()), declared};
  try {
    run::analyze_in_detail(place, trial.analyzer(), request, design, trial.machine());
  } catch (const InfeasibleError&) {
    // It says that it cannot.
  }
}

void timelines_pass(Examination& examination) {
  for_each_design(examination, kDesigns,
                  [](const AnalyzerTrial& trial, const AnalysisRequest& request,
                     const Design& design, Random&) { audited(trial, request, design, nullptr); });
}

void facts_are_declared(Examination& examination) {
  for_each_design(
      examination, kFewDesigns,
      [&](const AnalyzerTrial& trial, const AnalysisRequest& request, const Design& design,
          Random&) { audited(trial, request, design, &examination.component()); });
}

bool equal(const OverlapResult& one, const OverlapResult& other) noexcept {
  return one.verdict == other.verdict &&
         (one.verdict != Verdict::feasible || one.makespan_ps == other.makespan_ps);
}

void require_equal(const OverlapResult& one, const OverlapResult& other, std::string_view what) {
  require(equal(one, other), [&] {
    return fmt::format("a design takes {} ps alone, {} ps {}", one.makespan_ps, other.makespan_ps,
                       what);
  });
}

// The design among others of its network, in pieces, on several threads.
void require_same_in_batch(const AnalyzerTrial& trial, const AnalysisRequest& request,
                           const Design& design, Random& random) {
  std::vector<Design> others;
  for (int i = 0; i < 3; ++i) {
    others.push_back(trial.draw(request, random).value_or(design));
  }
  std::vector<const Design*> batch = {&design, &design};
  for (const Design& other : others) {
    batch.push_back(&other);
  }
  random.shuffle(std::span(batch));
  std::vector<OverlapResult> whole(batch.size());
  std::vector<OverlapResult> pieces(batch.size());
  trial.analyzer().analyze(request, batch, whole, nullptr);
  trial.host().parallel_for(batch.size(), 2, [&](std::size_t begin, std::size_t end) {
    trial.analyzer().analyze(request,
                             std::span<const Design* const>(batch).subspan(begin, end - begin),
                             std::span(pieces).subspan(begin, end - begin), nullptr);
  });
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const OverlapResult alone = trial.analyze(request, *batch[i]);
    require_equal(alone, whole[i], "in a batch");
    require_equal(alone, pieces[i], "in pieces of a batch on several threads");
  }
}

void batches(Examination& examination) {
  for_each_design(
      examination, kFewDesigns,
      [](const AnalyzerTrial& trial, const AnalysisRequest& request, const Design& design,
         Random& random) { require_same_in_batch(trial, request, design, random); });
}

void detail_changes_nothing(Examination& examination) {
  for_each_design(examination, kFewDesigns,
                  [](const AnalyzerTrial& trial, const AnalysisRequest& request,
                     const Design& design, Random&) {
                    KeptTimeline detail;
                    require_equal(trial.analyze(request, design),
                                  trial.analyze(request, design, &detail), "with its jobs told");
                  });
}

// What it says of itself on all graphs of the design; none where it models them not.
std::optional<Exactness> said_of(const OverlapAnalyzer& analyzer, const AnalyzerTrial& trial,
                                 const AnalysisRequest& request, const Design& design) {
  const auto graphs = run::segment_graphs(design, trial.machine().view(), request);
  try {
    const run::Trust trust = run::trust_in({"an analyzer", nullptr}, analyzer, graphs);
    return trust.serves_links ? std::optional<Exactness>() : trust.said;
  } catch (const InfeasibleError&) {
    return std::nullopt;
  }
}

// Another analyzer that is installed, delays nothing on purpose and needs nothing special.
const Component* oracle_of(Examination& examination) {
  const Component& subject = examination.component();
  const plugin::Registry& registry = examination.registry();
  for (const Component* const other : registry.components()) {
    const bool own = &registry.plugin_of(*other) == &registry.plugin_of(subject);
    if (other->kind == Kind::overlap_analyzer && !own && other->requires_traits == Trait::none &&
        !has(other->provides_traits, Trait::sequential)) {
      return other;
    }
  }
  return nullptr;
}

// Both say that they are exact: then both are, or one of them is wrong.
void require_agreement(const Component& subject, const Component& oracle,
                       const AnalyzerTrial& trial, const AnalysisRequest& request,
                       const Design& design) {
  const auto judge = plugin::make_instance<OverlapAnalyzer>(plugin::ConfigHandle(oracle),
                                                            trial.machine().context(trial.host()));
  const auto said = said_of(trial.analyzer(), trial, request, design);
  const auto judged = said_of(*judge, trial, request, design);
  if (!said || *said == Exactness::estimate || judged != Exactness::exact) {
    return;
  }
  const OverlapResult mine = trial.analyze(request, design);
  OverlapResult right;
  const Design* const one = &design;
  judge->analyze(request, {&one, 1}, {&right, 1}, nullptr);
  if (mine.verdict != Verdict::feasible || right.verdict != Verdict::feasible) {
    return;
  }
  const bool may_be_late =
      *said == Exactness::conservative || has(subject.provides_traits, Trait::sequential);
  require(mine.makespan_ps == right.makespan_ps ||
              (may_be_late && mine.makespan_ps > right.makespan_ps),
          [&] {
            return fmt::format(
                "it says {} and gives {} ps; {} gives {} ps, exactly. fidelity() says how far to "
                "trust it, Trait::sequential that it delays on purpose",
                kExactnessNames[index(*said)], mine.makespan_ps, oracle.id, right.makespan_ps);
          });
}

void exact_is_exact(Examination& examination) {
  const Component* const oracle = oracle_of(examination);
  if (oracle == nullptr) {
    throw Skipped("no other analyzer is installed that could be compared with");
  }
  for_each_design(
      examination, kFewDesigns,
      [&](const AnalyzerTrial& trial, AnalysisRequest request, const Design& design, Random&) {
        request.links = false;
        require_agreement(examination.component(), *oracle, trial, request, design);
      });
}

constexpr Check kChecks[] = {
    {"overlap/timelines-pass-the-audit",
     "On 100 designs: every job once, as long as it takes, behind what it reads, and the makespan "
     "is the last end.",
     kOverlap, timelines_pass, kAnswers, true},
    {"overlap/facts-are-declared", "Every fact that it states is declared.", kOverlap,
     facts_are_declared, kAudited, true},
    {"overlap/batches-equal-singles",
     "A design takes the same, alone, in any batch, on any thread.", kOverlap, batches, kAudited,
     true},
    {"overlap/detail-changes-nothing", "A design takes the same whether its jobs are told or not.",
     kOverlap, detail_changes_nothing, kAudited, true},
    {"overlap/exact-means-exact",
     "What it calls exact is what another exact analyzer finds; what it calls conservative is no "
     "earlier.",
     kOverlap, exact_is_exact, kAudited, true},
};

}  // namespace

std::span<const Check> overlap_checks() {
  return kChecks;
}

}  // namespace imbrex::conform
