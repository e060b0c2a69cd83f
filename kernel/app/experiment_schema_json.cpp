// The schema of the files of experiments.
#include "experiment/experiment_keys.hpp"
#include "experiment/experiment_reader.hpp"
#include "experiment/points.hpp"
#include "schema.hpp"

#include <limits>

#include <nlohmann/json.hpp>

namespace imbrex::app {
namespace {

using Json = nlohmann::ordered_json;

Json integer(std::string_view doc, std::int64_t least, std::int64_t most) {
  Json out = typed_schema("integer", doc);
  out["minimum"] = least;
  out["maximum"] = most;
  return out;
}

Json either(Json one, Json other, std::string_view doc) {
  Json out;
  out["description"] = doc;
  out["anyOf"] = Json::array({std::move(one), std::move(other)});
  return out;
}

// A list of tables; one alone stands for a list of one.
Json tables(Json table, std::string_view doc) {
  Json list = {{"type", "array"}, {"items", table}};
  return either(std::move(table), std::move(list), doc);
}

Json requires_keys(Json table, std::initializer_list<const char*> keys) {
  table["required"] = std::vector<std::string>(keys.begin(), keys.end());
  return table;
}

// What an experiment and a choice change alike.
void add_edits(Json& keys) {
  keys["set"] = typed_schema("object", "Keys of the recipe and their values, as --set writes them");
  keys["unset"] = texts_schema("Keys of the recipe that go, as --unset writes them");
  keys["profile"] = texts_schema("Profiles of the recipe that are laid on it");
}

Json choice() {
  Json keys;
  keys["name"] = typed_schema("string", "What it is called in tables");
  keys["recipe"] = typed_schema("string", "Another recipe, relative to this file");
  add_edits(keys);
  return requires_keys(table_schema(experiment::kChoiceKeys, std::move(keys), "One choice"),
                       {"name"});
}

Json axis() {
  Json keys;
  keys["name"] = typed_schema("string", "Default: the last part of the key");
  keys["key"] = typed_schema("string", "What varies, as --set writes it: architecture.extra_pes");
  keys["values"] = either({{"type", "array"}, {"minItems", 1}}, {{"type", "string"}},
                          "Its values; or a range, \"0..64:16\"");
  keys["labels"] = texts_schema("What the values are called in tables");
  keys["recipes"] = texts_schema("Whole recipes side by side, relative to this file");
  keys["choice"] = tables(choice(), "Several changes at once each");
  Json out = table_schema(experiment::kAxisKeys, std::move(keys), "One thing that varies");
  for (const char* const key : {"key", "recipes", "choice"}) {
    out["oneOf"].push_back({{"required", {key}}});
  }
  out["dependencies"] = {{"values", {"key"}}, {"key", {"values"}}};
  return out;
}

Json value() {
  Json keys;
  keys["metric"] = typed_schema("string", "A metric, or a fact of a stage: stage.1.candidates");
  keys["times"] = typed_schema("string", "Multiplied by this metric");
  keys["over"] = typed_schema("string", "Divided by this metric");
  keys["inverse"] = typed_schema("boolean", "One over it; of a relative table, a speed-up");
  keys["scale"] = typed_schema("number", "Factor; default 1");
  keys["digits"] = typed_schema("integer", "Significant digits; default 4");
  keys["decimals"] = typed_schema("integer", "Digits behind the point, instead");
  const Json table = requires_keys(
      table_schema(experiment::kValueKeys, std::move(keys), "A number in a cell"), {"metric"});
  const Json one = either({{"type", "string"}}, table, "A metric, or a table of how it is shown");
  return either(one, {{"type", "array"}, {"minItems", 1}, {"items", one}}, "What a cell shows");
}

Json selection(std::string_view doc) {
  return typed_schema("object", doc);  // axis = value, or a list of values
}

Json result_table() {
  Json keys;
  keys["title"] = typed_schema("string", "Stands above the table");
  keys["value"] = value();
  keys["text"] = typed_schema("string", "How a cell is written, a {} per value: \"{} ({})\"");
  keys["rows"] = texts_schema("Axes: a row per combination of their values");
  keys["column"] = typed_schema("string", "Axis: a column per value");
  keys["where"] = selection("Only the points with these values of axes");
  keys["relative"] = selection("Every value over that of the point that differs in this alone");
  keys["aggregate"] =
      words_schema(experiment::kAggregates, "How the points of a cell become one value");
  keys["summary"] = words_schema(experiment::kAggregates, "One more row, of all rows");
  return requires_keys(table_schema(experiment::kTableKeys, std::move(keys), "A table"),
                       {"value", "rows"});
}

Json contributions() {
  Json keys;
  keys["title"] = typed_schema("string", "Stands above the table");
  keys["metric"] = typed_schema("string", "What they contribute to");
  keys["factors"] = texts_schema("Axes of two values: without it, and with it");
  return requires_keys(
      table_schema(experiment::kContributionKeys, std::move(keys), "What each factor gains"),
      {"metric"});
}

Json metrics(std::string_view doc) {
  Json out = typed_schema("array", doc);
  out["items"] = {{"type", "string"}, {"minLength", 1}};
  out["minItems"] = 2;
  return out;
}

Json front() {
  Json keys;
  keys["title"] = typed_schema("string", "Stands above the front");
  keys["metrics"] = metrics("Two or more");
  return requires_keys(
      table_schema(experiment::kFrontKeys, std::move(keys), "Points that no other one beats"),
      {"metrics"});
}

Json search() {
  constexpr auto kMost = static_cast<std::int64_t>(experiment::kMostPoints);
  Json keys;
  keys["title"] = typed_schema("string", "Stands above the front; default: Pareto front");
  keys["objectives"] = metrics("Metrics to make better, two or more");
  keys["method"] = words_schema(experiment::kMethods, "Default automatic");
  keys["population"] = integer("Points of a generation, a multiple of 4; default 32",
                               experiment::kSmallestPopulation, kMost);
  keys["population"]["multipleOf"] = 4;
  keys["generations"] = integer("With the first one; default 20", 1, kMost);
  keys["seed"] = integer("Default 1", 0, std::numeric_limits<std::uint32_t>::max());
  return requires_keys(table_schema(experiment::kSearchKeys, std::move(keys),
                                    "The best points without running all of them"),
                       {"objectives"});
}

Json zip() {
  const Json names = {{"type", "array"}, {"minItems", 2}, {"items", {{"type", "string"}}}};
  return either(names, {{"type", "array"}, {"minItems", 1}, {"items", names}},
                "Axes that vary together instead of crossed");
}

Json experiment_table() {
  Json keys;
  keys["experiment"] =
      typed_schema("integer", "Version of the format; makes the file an experiment");
  keys["experiment"]["enum"] = {experiment::kExperimentFormat};
  keys["name"] = typed_schema("string", "Also that of the folder; default: the name of the file");
  keys["name"]["pattern"] = "^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$";
  keys["question"] = typed_schema("string", "What the experiment answers");
  keys["recipe"] = typed_schema("string", "Path of the recipe, relative to this file");
  keys["recipe"]["minLength"] = 1;
  add_edits(keys);
  keys["axis"] = tables(axis(), "What varies; the first axis varies slowest");
  keys["zip"] = zip();
  keys["exclude"] = tables(selection("Values of axes"), "Points with all of this are left out");
  keys["seeds"] =
      integer("One more axis: the recipe's seed and the following ones", 0, experiment::kMostSeeds);
  keys["metrics"] = texts_schema("What the table of points shows");
  keys["table"] = tables(result_table(), "Tables of the results");
  keys["contributions"] = tables(contributions(), "Tables of what techniques gain");
  keys["front"] = tables(front(), "Fronts of the results");
  keys["search"] = search();
  keys["time_limit_s"] = typed_schema("number", "Of one point, in seconds");
  keys["time_limit_s"]["minimum"] = 0;
  keys["time_limit_s"]["exclusiveMinimum"] = true;
  keys["on_failure"] = words_schema(experiment::kOnFailure, "Default: go on");
  return requires_keys(table_schema(experiment::kExperimentKeys, std::move(keys),
                                    "A recipe, what varies in it, and the tables to make of it"),
                       {"experiment", "recipe"});
}

}  // namespace

std::string experiment_schema() {
  Json out;
  out["$schema"] = kSchemaDraft;
  out["title"] = "Imbrex experiment";
  out.update(experiment_table());
  return schema_text(out);
}

}  // namespace imbrex::app
