#include "placement_reader.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/values/work_graph.hpp>

#include <algorithm>
#include <charconv>
#include <set>

namespace imbrex::given_placement {
namespace {

constexpr std::string_view kForm =
    "\"OPERATOR copies|segment|units|first_unit NUMBER\" or \"OPERATOR dealing "
    "round-robin|strip-w|strip-h\"";

[[noreturn]] void refuse(const std::string& text, const std::string& why) {
  throw InputError("placements \"" + text + "\": " + why);
}

std::string in_quotes(std::string_view word) {
  std::string text("'");
  text.append(word);
  text += '\'';
  return text;
}

struct Property {
  std::string_view name;
  std::int64_t least;
  std::int64_t most;
  void (*set)(Placement& placement, std::int64_t value);
};
constexpr std::int64_t kMost = std::int64_t{1} << 40;
constexpr Property kProperties[] = {
    {"copies", 1, kMost, [](Placement& p, std::int64_t value) { p.copies = value; }},
    {"segment", 0, INT32_MAX,
     [](Placement& p, std::int64_t value) { p.segment = static_cast<std::int32_t>(value); }},
    {"units", 0, kMost, [](Placement& p, std::int64_t value) { p.units = value; }},
    {"first_unit", -1, kMost, [](Placement& p, std::int64_t value) { p.first_unit = value; }},
    {"dealing", 0, 2,
     [](Placement& p, std::int64_t value) { p.dealing = static_cast<Dealing>(value); }},
};

struct GivenValue {
  std::string_view op;
  const Property* property;
  std::int64_t value;
};

std::int64_t value_of(const std::string& text, const Property& property, std::string_view word) {
  if (property.name == "dealing") {
    const auto* const found = std::find(std::begin(kDealingNames), std::end(kDealingNames), word);
    if (found == std::end(kDealingNames)) {
      refuse(text, in_quotes(word) +
                       " is no way to deal jobs; they are round-robin, strip-w and strip-h");
    }
    return found - std::begin(kDealingNames);
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size() || value < property.least ||
      value > property.most) {
    refuse(text, in_quotes(word) + " is not a number from " + std::to_string(property.least) +
                     " to " + std::to_string(property.most));
  }
  return value;
}

GivenValue given_of(const std::string& text) {
  const TextParts parts = last_words(text, 2);
  if (parts.words.empty() || parts.head.empty()) {
    refuse(text, "has too few words; expected " + std::string(kForm));
  }
  const auto* const property =
      std::find_if(std::begin(kProperties), std::end(kProperties),
                   [&](const Property& known) { return known.name == parts.words[0]; });
  if (property == std::end(kProperties)) {
    refuse(text, in_quotes(parts.words[0]) + " is no property of a placement; expected " +
                     std::string(kForm));
  }
  return {parts.head, property, value_of(text, *property, parts.words[1])};
}

std::vector<OperatorId> mapped_of(const Design& design, const CostModel& cost) {
  std::vector<OperatorId> mapped;
  for (std::size_t i = 0; i < design.workload().operators().size(); ++i) {
    if (cost.demand(operator_id(i)).mappable) {
      mapped.push_back(operator_id(i));
    }
  }
  return mapped;
}

void require_units(const Design& design, OperatorId op, const CostModel& cost,
                   const ResourcePool& pool) {
  const Placement& placement = design.placement(op);
  const Demand demand = cost.demand(op);
  const std::string who = "operator " + in_quotes(design.workload().at(op).name);
  std::int64_t wanted = 0;
  if (__builtin_mul_overflow(placement.copies, demand.units, &wanted)) {
    wanted = INT64_MAX;
  }
  // Where loops are laid out on what an operator owns, it may be less than it would like.
  const bool elastic = !cost.map_space(op, placement).slots.empty();
  const std::int64_t needed = elastic ? std::min(placement.copies, wanted) : wanted;
  if (placement.units > 0 && placement.units < needed) {
    throw InfeasibleError(who + " owns " + std::to_string(placement.units) + " " +
                          std::string(pool.name) + "s, its " + std::to_string(placement.copies) +
                          " copies need " + std::to_string(needed) + ": " +
                          std::to_string(needed - placement.units) + " too few");
  }
  const std::int64_t owned = placement.units > 0 ? placement.units : wanted;
  if (placement.first_unit >= 0 && placement.first_unit > pool.count - owned) {
    throw InfeasibleError(who + " owns " + std::to_string(owned) + " " + std::string(pool.name) +
                          "s from number " + std::to_string(placement.first_unit) +
                          " on, the chip has " + std::to_string(pool.count));
  }
}

void require_apart(const Design& design, const std::vector<OperatorId>& mapped,
                   const CostModel& cost) {
  std::vector<OperatorId> owners;
  std::copy_if(mapped.begin(), mapped.end(), std::back_inserter(owners),
               [&](OperatorId op) { return design.placement(op).first_unit >= 0; });
  std::stable_sort(owners.begin(), owners.end(), [&](OperatorId a, OperatorId b) {
    const Placement& one = design.placement(a);
    const Placement& other = design.placement(b);
    return std::pair(one.segment, one.first_unit) < std::pair(other.segment, other.first_unit);
  });
  for (std::size_t i = 1; i < owners.size(); ++i) {
    const Placement& before = design.placement(owners[i - 1]);
    const Placement& behind = design.placement(owners[i]);
    const std::int64_t end = before.first_unit + owned_units(before, cost.demand(owners[i - 1]));
    if (before.segment == behind.segment && behind.first_unit < end) {
      throw InfeasibleError("operators " + in_quotes(design.workload().at(owners[i - 1]).name) +
                            " and " + in_quotes(design.workload().at(owners[i]).name) +
                            " of segment " + std::to_string(behind.segment) +
                            " own the same resource: the first owns those before number " +
                            std::to_string(end) + ", the second starts at " +
                            std::to_string(behind.first_unit));
    }
  }
}

void require_order(const Design& design, const CostModel& cost) {
  Design together = design;  // neighbours are neighbours in whatever segment
  for (const OperatorId op : mapped_of(design, cost)) {
    together.placement(op).segment = 0;
  }
  const LayerGraph graph = layer_graph(together, cost);
  for (std::size_t i = 0; i < graph.layers.size(); ++i) {
    for (const std::size_t p : graph.producers[i]) {
      const std::int32_t segment = design.placement(graph.layers[i]).segment;
      const std::int32_t earlier = design.placement(graph.layers[p]).segment;
      if (earlier > segment) {
        throw InfeasibleError("operator " + in_quotes(design.workload().at(graph.layers[i]).name) +
                              " in segment " + std::to_string(segment) + " reads what " +
                              in_quotes(design.workload().at(graph.layers[p]).name) +
                              " makes in segment " + std::to_string(earlier) +
                              "; segments run in ascending order");
      }
    }
  }
}

// Arrays of MACs read weights as they read everything else; the others write them.
bool writes_weights_once(const Architecture& architecture) {
  const ReplacementCosts& costs = architecture.replacement;
  return !architecture.units.empty() && architecture.units.front().kind != UnitKind::mac_array &&
         costs.weight_bits_per_ps == 0 && costs.write_ps == 0 && costs.data_ps_per_bit == 0;
}

}  // namespace

void require_forms(const std::vector<std::string>& placements) {
  for (const std::string& text : placements) {
    given_of(text);
  }
}

std::int64_t place(const std::vector<std::string>& placements, const CostModel& cost,
                   Design& design) {
  const OperatorNames names(design.workload());
  std::set<OperatorId> placed;
  for (const std::string& text : placements) {
    const GivenValue given = given_of(text);
    const OperatorId op = names.find(given.op);
    if (op == OperatorId::none) {
      refuse(text, "there is no operator " + in_quotes(given.op) + names.nearest(given.op) +
                       (given.op.ends_with(']')
                            ? " Parts of a layer exist only behind a partitioner that splits it"
                            : ""));
    }
    if (!cost.demand(op).mappable) {
      refuse(text, "operator " + in_quotes(given.op) +
                       " owns no resources here: it only moves data, or the cost model does not "
                       "map it");
    }
    given.property->set(design.placement(op), given.value);
    placed.insert(op);
  }
  return static_cast<std::int64_t>(placed.size());
}

void require_possible(const Design& design, const CostModel& cost,
                      const Architecture& architecture) {
  const std::vector<OperatorId> mapped = mapped_of(design, cost);
  std::set<std::int32_t> segments;
  for (const OperatorId op : mapped) {
    segments.insert(design.placement(op).segment);
    if (!architecture.resources.empty()) {
      require_units(design, op, cost, architecture.resources.front());
    }
  }
  if (segments.size() > 1 && writes_weights_once(architecture)) {
    throw InfeasibleError("placements cut the network into " + std::to_string(segments.size()) +
                          " segments, but the weights of architecture " +
                          in_quotes(architecture.name) + " are written once: one segment");
  }
  require_apart(design, mapped, cost);
  require_order(design, cost);
}

}  // namespace imbrex::given_placement
