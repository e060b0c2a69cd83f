// An overlap analyzer on one machine, and the designs that it is asked about.
#pragma once

#include "stand.hpp"

#include <imbrex/interfaces/overlap_analyzer.hpp>
#include <imbrex/values/work_graph.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace imbrex::conform {

// What an analyzer tells of one design, unchecked.
class KeptTimeline final : public TimelineSink {
 public:
  void job(const TimedJob& job) override { jobs.push_back(job); }
  void segment(const SegmentTimes& times) override { segments.push_back(times); }
  void statistic(std::string_view name, std::int64_t value) override {
    facts.emplace_back(name, std::to_string(value));
  }
  void note(std::string_view name, std::string_view text) override {
    facts.emplace_back(name, text);
  }

  std::vector<TimedJob> jobs;
  std::vector<SegmentTimes> segments;
  std::vector<std::pair<std::string, std::string>> facts;
};

class AnalyzerTrial {
 public:
  // Errors: as Stand and the stages before the subject.
  AnalyzerTrial(const Stand& stand, plugin::HostServices& services, std::uint64_t seed);

  const run::BoundMachine& machine() const noexcept { return *machine_; }
  const Stand& stand() const noexcept { return stand_; }
  // As the component answers, unchecked.
  const OverlapAnalyzer& analyzer() const noexcept { return *analyzer_; }
  Host& host() const noexcept { return *stand_.context().host; }

  // A design that the machine admits, with whatever it offers: copies, segments, loop nests, jobs
  // dealt anew, floor plans. None where the draw cannot be admitted.
  std::optional<Design> draw(const AnalysisRequest& request, Random& random) const;

  OverlapResult analyze(const AnalysisRequest& request, const Design& design,
                        TimelineSink* detail = nullptr) const;

 private:
  void decide(Design& design, const AnalysisRequest& request, Random& random) const;

  const Stand& stand_;
  std::shared_ptr<const run::BoundMachine> machine_;
  Design start_;
  plugin::Instance<OverlapAnalyzer> analyzer_;
};

// Asks about `designs` admitted designs in all, on random networks of the examination's seed and
// on every setting in turn. Errors: Skipped when hardly any design can be drawn.
using AskAboutDesign = FunctionRef<void(const AnalyzerTrial& trial, const AnalysisRequest& request,
                                        const Design& design, Random& random)>;
void for_each_design(Examination& examination, int designs, AskAboutDesign ask);

}  // namespace imbrex::conform
