// Candidate mappings of one operator: where they come from, what each takes alone, how evenly it
// streams. Source: specification fast-overlapim section 5.
#pragma once

#include <imbrex/toolkit/search/search_run.hpp>

#include <optional>
#include <string>
#include <vector>

namespace imbrex::search {

// Where the candidates of a layer come from.
enum class CandidateSource : std::uint8_t {
  uniform,  // every mapping of the space is as likely
  // A quarter uniform; the rest climbs by small steps from the cost model's canonical mappings and
  // the best found so far, judged alone and by `streaming_latency_ps`.
  refined,
  // Few that are good: the proved front of time and energy where the cost model says how it counts
  // (`SearchRun::front_of`), what is best alone first; then of `CandidateOptions::draws` times as
  // many refined ones those that no other one outdoes both alone and by `streaming_latency_ps`,
  // then those that are best by the latter.
  front,
};
inline constexpr std::string_view kCandidateSources[] = {"uniform", "refined", "front"};

struct CandidateOptions {
  std::size_t count = 0;
  CandidateSource from = CandidateSource::refined;
  // Of a front, per candidate: the more a candidate costs behind this, the more draws are worth it.
  std::size_t draws = 16;
  // Of a front, what its proof may take per draw, as `optimum::Limits::max_states`: at equal time a
  // search without a proof would draw more.
  std::int64_t front_states_per_draw = 0;
};

// How a mapping overlaps with neighbours that are not known yet, taken to work evenly, one output
// row of this operator after another, and never to stall.
struct StreamingLags {
  std::int64_t start_ps = 0;     // earliest start behind a producer that started at 0
  std::int64_t consumer_ps = 0;  // earliest start of a consumer when the mapping started at 0
};
// latency_ps >= 0: of the mapping alone; the other two: of the neighbours.
// O(rows * loops), at most 1024 rows looked at.
StreamingLags streaming_lags(const Operator& op, const Mapping& mapping, std::int64_t latency_ps,
                             std::int64_t producer_ps, std::int64_t consumer_ps) noexcept;
// When the last of three such layers ends that all take `latency_ps`, this one in the middle: from
// little more than `latency_ps` (everything streams) to three times that (nothing overlaps).
std::int64_t streaming_latency_ps(const Operator& op, const Mapping& mapping,
                                  std::int64_t latency_ps) noexcept;

// Feasible mappings of one operator, with what each takes alone.
struct LayerCandidates {
  std::vector<Mapping> mappings;  // never empty
  std::vector<std::int64_t> latency_ps;
  std::vector<double> energy_pj;
  std::vector<double> objective;  // alone, as `Evaluator::layer_objective`
  // Which one is canonical for the shape of the analyzer's jobs, where it is one of them.
  std::optional<std::size_t> canonical;
  // [0] is the mapping that the search started from; never one outside the map space, where there
  // is one.
  bool has_start = false;
  bool has_space = false;  // false: the hardware computes one way, and designs need not say so
  bool complete = false;   // every feasible mapping of the space is there
  std::size_t fastest() const noexcept;  // ties: the first
  std::size_t best() const noexcept;     // least objective; ties: the first
  std::size_t size() const noexcept { return mappings.size(); }
  // What a candidate costs when it ends at `end_ps` instead of its own latency; for
  // `Evaluator::layer_objective`.
  LayerCost ending(std::size_t candidate, std::int64_t end_ps) const noexcept {
    return {Verdict::feasible, end_ps, energy_pj[candidate]};
  }
};

// A feasible mapping as it is found; references are valid during the call.
struct FoundCandidate {
  const Mapping& mapping;
  const LayerCost& cost;
  double objective = 0;    // alone, as `Evaluator::layer_objective`
  std::int64_t draw = -1;  // its number among all that were drawn; the start and canonical ones: -1
};

// How draws 32 r to 32 r + 31 come about: from these and nothing else.
struct DrawRound;

// What a search remembers of a layer's candidates: there may be millions of them.
class CandidateSink {
 public:
  static constexpr std::size_t kRound = 32;  // draws

  virtual ~CandidateSink() = default;
  // In the order of LayerCandidates::mappings.
  virtual void found(const FoundCandidate& candidate) = 0;
  // Before the first of its draws is found; rounds come in order.
  virtual void begin_round(const DrawRound&) {}
  // After the last one.
  virtual void finish() {}
};

// What there is to know about candidates beside themselves; as in LayerCandidates.
struct CandidateSummary {
  std::size_t size = 0;
  std::optional<std::size_t> canonical;
  bool has_start = false;
  bool has_space = false;
  bool complete = false;
};

// The mapping a design gives an operator, searched or canonical; empty when there is no legal one.
std::optional<Mapping> present_mapping(const Design& design, OperatorId op,
                                       const Evaluator& evaluator);

// The present mapping and up to `count` others: the whole space when it is no larger than that,
// otherwise distinct ones from the given source; the cost model's canonical mappings come first
// where the space holds them. Those of a smaller count are a prefix of those of a larger one,
// unless they are a front. Operators without a map space have their present mapping only. Errors:
// InfeasibleError when a constraint empties the space (names it) or nothing drawn is feasible;
// CancelledError.
CandidateSummary sample_candidates(SearchRun& run, OperatorId op, const CandidateOptions& options,
                                   Random random, CandidateSink& sink);
// The same, all kept.
LayerCandidates sample_candidates(SearchRun& run, OperatorId op, const CandidateOptions& options,
                                  Random random);
std::vector<LayerCandidates> sample_all(SearchRun& run, const LayerGraph& graph,
                                        const CandidateOptions& options, const Host& host);

// Of mappings that the cost model refuses, the one that exceeds a capacity by the least factor.
// [one thread]
class LeastShortfall {
 public:
  void add(const CostModel& cost, OperatorId op, const Placement& placement,
           const Mapping& mapping);
  // For a message: "the least bad needs 1312 rows of a lane, which has 1024: 288 too few; ...";
  // that the placement is too small when the cost model does not say more.
  std::string text() const;

 private:
  std::optional<Shortfall> least_;
};

}  // namespace imbrex::search
