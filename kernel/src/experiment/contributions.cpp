// What each technique of an experiment gains, alone and on top of the others.
#include "experiment/record_lookup.hpp"
#include "experiment/tables.hpp"

#include <cmath>
#include <set>

namespace imbrex::experiment {
namespace {

using Levels = std::vector<std::size_t>;

class Contributions {
 public:
  Contributions(const ExperimentPlan& plan, const Records& records, const ContributionSpec& spec)
      : spec_(spec), lookup_(plan, records) {
    for (const PlannedPoint& point : plan.points) {
      surroundings_.insert(with_factors(point.point.levels, 0));
    }
  }

  // How many times better the metric is with `factor` than without it, all others being at level
  // `others`: the geometric mean over whatever else varies. "-" when a number is missing.
  std::string gain(std::size_t factor, std::size_t others) const {
    return mean_ratio([&](Levels levels, bool with) {
      levels = with_factors(std::move(levels), others);
      levels[factor] = with ? 1 : 0;
      return levels;
    });
  }
  std::string gain_of_all() const {
    return mean_ratio(
        [&](Levels levels, bool with) { return with_factors(std::move(levels), with ? 1 : 0); });
  }

 private:
  Levels with_factors(Levels levels, std::size_t level) const {
    for (const std::size_t axis : spec_.factors) {
      levels[axis] = level;
    }
    return levels;
  }

  template <class Side>
  std::string mean_ratio(const Side& side) const {
    constexpr int kGainDigits = 4;
    double sum = 0;
    for (const Levels& surrounding : surroundings_) {
      const auto without = number_of(lookup_.at(side(surrounding, false)), spec_.metric);
      const auto with = number_of(lookup_.at(side(surrounding, true)), spec_.metric);
      if (!without || !with || *without <= 0 || *with <= 0) {
        return "-";
      }
      const bool more = direction_of(spec_.metric) == Direction::more_is_better;
      sum += std::log(more ? *with / *without : *without / *with);
    }
    return number_text(std::exp(sum / static_cast<double>(surroundings_.size())), kGainDigits) +
           "x";
  }

  const ContributionSpec& spec_;
  RecordLookup lookup_;
  std::set<Levels> surroundings_;  // what else varies, the factors at 0
};

}  // namespace

Table contribution_table(const ExperimentPlan& plan, const Records& records,
                         const ContributionSpec& spec) {
  const Contributions contributions(plan, records, spec);
  Table out{spec.title, {"factor", "added to none", "added to all others"}, {}, 1};
  for (const std::size_t axis : spec.factors) {
    out.rows.push_back({plan.experiment.axes[axis].name, contributions.gain(axis, 0),
                        contributions.gain(axis, 1)});
  }
  out.rows.push_back({"all", contributions.gain_of_all(), ""});
  return out;
}

}  // namespace imbrex::experiment
