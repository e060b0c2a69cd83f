#include "analyzer_trial.hpp"

#include "problems/decisions.hpp"
#include "problems/random_designs.hpp"
#include "run/admission.hpp"
#include "stage_trial.hpp"
#include "transcript.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace imbrex::conform {
namespace {

constexpr std::uint64_t kDesignsPerNetwork = 4;
constexpr std::uint64_t kDrawsPerDesign = 8;
constexpr std::int64_t kMostMovePs = 900;

Trait hardware_of(const Setting& setting) {
  return setting.architecture.config.component().provides_traits |
         setting.cost.config.component().provides_traits;
}

bool room_for_floors(const Design& design, const Machine& machine) {
  const TileGridShape& grid = machine.architecture().grid;
  const auto layers = static_cast<std::int64_t>(problems::mapped_operators(machine).size());
  return machine.architecture().links.word_bits > 0 && !design.has_dealt_orders() &&
         grid.rows * grid.columns >= layers && grid.columns > 1;
}

}  // namespace

AnalyzerTrial::AnalyzerTrial(const Stand& stand, plugin::HostServices& services, std::uint64_t seed)
    : stand_(stand), machine_(stand.machine()), start_(stand.network()) {
  const StageTrial before(stand, services, seed);
  if (&before.machine() == machine_.get()) {
    start_ = before.start();
  }
  analyzer_ = stand.make<OverlapAnalyzer>();
}

void AnalyzerTrial::decide(Design& design, const AnalysisRequest& request, Random& random) const {
  const Machine machine = machine_->view();
  const Trait hardware = hardware_of(stand_.setting());
  if (has(hardware, Trait::copies) && random.below(3) > 0) {
    problems::copy_some(design, machine, random);
  }
  if (has(hardware, Trait::weight_replacement) && random.below(2) == 0) {
    problems::cut_into_segments(design, machine, random);
  }
  if (has(hardware, Trait::map_space)) {
    problems::map_some(design, machine, random);
  }
  if (!problems::has_graph(design, machine, request)) {
    return;
  }
  if (random.below(3) == 0) {
    problems::deal_at_random(design, machine, request, kMostMovePs, random);
  }
  if (random.below(2) == 0 && room_for_floors(design, machine)) {
    problems::plan_floors(design, machine, request, random);
  }
}

std::optional<Design> AnalyzerTrial::draw(const AnalysisRequest& request, Random& random) const {
  try {
    Design design = start_;
    decide(design, request, random);
    const run::Admission admission(*machine_, request.shape);
    if (problems::has_graph(design, machine_->view(), request) && admission.admits(design)) {
      return design;
    }
  } catch (const Error& error) {
    if (!is_refusal(error)) {
      throw;
    }
  }
  return std::nullopt;
}

OverlapResult AnalyzerTrial::analyze(const AnalysisRequest& request, const Design& design,
                                     TimelineSink* detail) const {
  const Design* const one = &design;
  OverlapResult result;
  analyzer_->analyze(request, {&one, 1}, {&result, 1}, detail);
  return result;
}

namespace {

// Up to `most` designs on one network; returns how many.
int ask_on(const Stand& stand, plugin::HostServices& services, std::uint64_t seed,
           std::uint64_t number, int most, AskAboutDesign ask) {
  const AnalyzerTrial trial(stand, services, seed);
  Random random(seed, number);
  int asked = 0;
  for (std::uint64_t i = 0; i < kDesignsPerNetwork && asked < most; ++i) {
    const AnalysisRequest request =
        i % 2 == 0 ? trial.analyzer().request() : problems::random_request(random);
    for (std::uint64_t draw = 0; draw < kDrawsPerDesign; ++draw) {
      if (const std::optional<Design> design = trial.draw(request, random)) {
        ask(trial, request, *design, random);
        ++asked;
        break;
      }
    }
  }
  return asked;
}

}  // namespace

void for_each_design(Examination& examination, int designs, AskAboutDesign ask) {
  const auto services = examination.services(4);
  const std::vector<Setting>& settings = examination.settings();
  int asked = 0;
  std::string reason = "no design could be drawn";
  const auto most = static_cast<std::uint64_t>(designs);
  for (std::uint64_t number = 0; number < most && asked < designs; ++number) {
    const Setting& setting = settings[number % settings.size()];
    std::optional<Stand> stand;
    try {
      stand.emplace(setting, problems::random_network(examination.seed(), number), *services);
    } catch (const Error& error) {
      if (!is_refusal(error)) {
        throw;
      }
      reason = error.what();
      continue;
    }
    asked += ask_on(*stand, *services, examination.seed(), number, designs - asked, ask);
  }
  if (asked == 0) {
    throw Skipped("it takes none of the networks: " + reason);
  }
  if (2 * asked < designs) {
    examination.warn(
        fmt::format("only {} of {} designs could be drawn: {}", asked, designs, reason));
  }
}

std::string analyzer_transcript(const Stand& stand, plugin::HostServices& services,
                                std::uint64_t seed) {
  const AnalyzerTrial trial(stand, services, seed);
  Random random(seed, 0);
  const AnalysisRequest request = trial.analyzer().request();
  std::string text;
  for (int i = 0; i < 3; ++i) {
    const std::optional<Design> design = trial.draw(request, random);
    if (!design) {
      continue;
    }
    KeptTimeline detail;
    const OverlapResult result = trial.analyze(request, *design, &detail);
    text += fmt::format("verdict {}, {} ps\n", index(result.verdict), result.makespan_ps);
    for (const TimedJob& job : detail.jobs) {
      text += fmt::format("{} {} {} {} {} {}\n", static_cast<int>(job.id), job.server, job.step,
                          job.start_ps, job.end_ps, static_cast<int>(job.waited_for));
    }
    for (const auto& [name, value] : detail.facts) {
      text += name + " = " + value + "\n";
    }
  }
  return text;
}

}  // namespace imbrex::conform
