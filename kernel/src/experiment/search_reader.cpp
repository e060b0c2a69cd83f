// [search] of an experiment's file.
#include "experiment/experiment_keys.hpp"
#include "experiment/experiment_reader.hpp"
#include "experiment/points.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

namespace imbrex::experiment {
namespace {

// Of a number that has a default.
std::int64_t number_within(const Fields& fields, std::string_view key, std::int64_t otherwise,
                           std::int64_t least, std::int64_t most) {
  const std::int64_t number = fields.integer(key).value_or(otherwise);
  if (number < least || number > most) {
    fields.complain(fields.node(key), fmt::format("'{}' must be from {} to {}", key, least, most));
    return otherwise;
  }
  return number;
}

void read_objectives(const Fields& fields, SearchSpec& search) {
  search.objectives = fields.texts("objectives");
  search.position =
      (fields.has("objectives") ? fields.node("objectives") : fields.table()).position();
  if (search.objectives.size() < 2) {
    fields.complain(fields.has("objectives") ? fields.node("objectives") : fields.table(),
                    "[search] needs two or more objectives, e.g. [\"latency_ps\", \"energy_pj\"]; "
                    "for one, `objective` of the recipe and a search stage are enough");
  }
  for (const std::string& objective : search.objectives) {
    require_direction(fields, fields.node("objectives"), objective);
    if (std::count(search.objectives.begin(), search.objectives.end(), objective) > 1) {
      fields.complain(fields.node("objectives"),
                      fmt::format("[search] names '{}' twice", objective));
      break;
    }
  }
}

void read_numbers(const Fields& fields, SearchSpec& search) {
  constexpr std::int64_t kMost = static_cast<std::int64_t>(kMostPoints);
  const std::int64_t population =
      number_within(fields, "population", 32, kSmallestPopulation, kMost);
  const std::int64_t generations = number_within(fields, "generations", 20, 1, kMost);
  if (population % 4 != 0) {
    fields.complain(fields.node("population"),
                    fmt::format("'population' must be a multiple of 4, e.g. {}: NSGA-II breeds "
                                "from two pairs at a time",
                                (population / 4 + 1) * 4));
  }
  if (population > kMost / generations) {
    fields.complain(fields.table(), fmt::format("{} generations of {} are more than {} points",
                                                generations, population, kMost));
  }
  search.population = static_cast<std::size_t>(population);
  search.generations = static_cast<std::size_t>(generations);
  search.seed = static_cast<std::uint32_t>(
      number_within(fields, "seed", 1, 0, std::numeric_limits<std::uint32_t>::max()));
}

}  // namespace

void read_search(const Document& document, DocumentNode table, Experiment& experiment,
                 Diagnostics& diagnostics) {
  const Fields fields(document, table, "[search]", kSearchKeys, diagnostics);
  SearchSpec search;
  search.title = fields.has("title") ? fields.text("title") : "Pareto front";
  search.method = static_cast<SearchMethod>(fields.word("method", kMethods).value_or(0));
  read_objectives(fields, search);
  read_numbers(fields, search);
  if (experiment.axes.empty()) {
    fields.complain(fields.table(), "[search] needs axes to choose from: [[axis]]");
  }
  if (experiment.seeds > 0) {
    fields.complain(fields.table(),
                    "[search] and 'seeds' do not go together: a point of a search is one run; give "
                    "the recipe one seed, set = { seed = 1 }");
  }
  experiment.search = std::move(search);
}

}  // namespace imbrex::experiment
