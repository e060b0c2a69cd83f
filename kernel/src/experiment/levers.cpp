#include "experiment/levers.hpp"

#include "recipe/toml_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace imbrex::experiment {
namespace {

enum class Place : std::uint8_t { architecture, cost, stage };
enum class Way : std::uint8_t { stays, grows, shrinks, both };

bool is_time(std::string_view unit) noexcept {
  constexpr std::array<std::string_view, 6> kTimes = {"ps", "ns", "us", "ms", "s", "cycle"};
  return std::find(kTimes.begin(), kTimes.end(), unit) != kTimes.end();
}

bool is_energy_or_power(std::string_view unit) noexcept {
  constexpr std::array<std::string_view, 8> kWords = {"fJ", "pJ", "nJ", "uJ", "mJ", "J", "mW", "W"};
  return std::find(kWords.begin(), kWords.end(), unit.substr(0, unit.find('/'))) != kWords.end();
}

// Which way a number of the hardware makes it larger or faster.
Way way_of(std::string_view unit, bool is_integer) noexcept {
  const std::size_t slash = unit.find('/');
  if (is_energy_or_power(unit) || is_time(unit)) {
    return Way::stays;
  }
  if (slash != std::string_view::npos) {
    return is_time(unit.substr(slash + 1))  ? Way::grows
           : is_time(unit.substr(0, slash)) ? Way::shrinks
                                            : Way::stays;
  }
  return is_integer ? Way::grows : Way::stays;
}

// As short as TOML allows: a real number may be written as a whole one.
std::string value_of_number(double value, bool is_integer) {
  return is_integer ? fmt::format("{}", static_cast<std::int64_t>(value))
                    : fmt::format("{}", value);
}

// A number of a parameter: all of it, or one element.
struct Number {
  const ParamSpec& spec;
  double value;
  bool is_integer;
  bool in_range(double other) const noexcept {
    return !spec.has_range || (other >= spec.minimum && other <= spec.maximum);
  }
};

class Levers {
 public:
  explicit Levers(const std::optional<std::string>& resource) : resource_(resource) {}

  void add(const std::string& path, Place place, const recipe::PlannedComponent& planned) {
    for (const ParamSpec& spec : planned.config.component().params) {
      const ParamValue value = planned.config.value(spec);
      const std::string key = fmt::format("{}.{}", path, recipe::toml_key(spec.name));
      switch (spec.type) {
        case ParamType::choice:
          add_choices(key, place, spec, value);
          break;
        case ParamType::integer:
          add_number(named(key), place, {spec, static_cast<double>(value.integer), true});
          break;
        case ParamType::real:
          add_number(named(key), place, {spec, value.real, false});
          break;
        case ParamType::integer_array:
          add_elements(key, place, spec, value.integers, true);
          break;
        case ParamType::real_array:
          add_elements(key, place, spec, value.reals, false);
          break;
        default:
          break;
      }
    }
  }

  void add_others(const std::string& path, const Component& own,
                  std::span<const Component* const> components) {
    Lever lever = named(path + ".use");
    lever.is_component = true;
    for (const Component* const other : components) {
      if (other->kind == own.kind && other->id != own.id) {
        lever.values.emplace_back(other->id);
      }
    }
    keep(std::move(lever));
  }

  std::vector<Lever> take() { return std::move(out_); }

 private:
  static Lever named(const std::string& key) {
    Lever lever;
    lever.key = key;
    return lever;
  }

  void add_choices(const std::string& key, Place place, const ParamSpec& spec,
                   const ParamValue& value) {
    if (place == Place::cost) {
      return;  // how something is counted, not what there is
    }
    Lever lever = named(key);
    for (std::size_t i = 0; i < spec.choices.size(); ++i) {
      if (static_cast<std::int64_t>(i) != value.integer) {
        lever.values.emplace_back(spec.choices[i]);
      }
    }
    keep(std::move(lever));
  }

  template <class Values>
  void add_elements(const std::string& key, Place place, const ParamSpec& spec,
                    const Values& values, bool is_integer) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      Lever lever = named(key);
      for (std::size_t j = 0; j < values.size(); ++j) {
        std::string& side = j < i ? lever.before : lever.behind;
        if (j != i) {
          const std::string text = value_of_number(static_cast<double>(values[j]), is_integer);
          side += j < i ? text + "," : "," + text;
        }
      }
      lever.before = "[" + lever.before;
      lever.behind += "]";
      add_number(std::move(lever), place, {spec, static_cast<double>(values[i]), is_integer});
    }
  }

  void add_number(Lever lever, Place place, const Number& number) {
    // Beyond this, integers are no longer counted one by one.
    constexpr double kExact = 9e15;
    if (!std::isfinite(number.value) || std::abs(number.value) > kExact) {
      return;
    }
    const Way way = place == Place::stage ? stage_way(number)
                                          : way_of(number.spec.unit_name, number.is_integer);
    // A unit without a name is nobody's resource.
    const std::string_view unit = number.spec.unit_name;
    const bool is_amount =
        number.is_integer &&
        (resource_ ? place == Place::architecture && !unit.empty() && unit == *resource_
                   : place != Place::stage && way == Way::grows);
    if (is_amount && (number.value != 0 || lever.before.empty())) {
      lever.is_amount = true;
      lever.amount = static_cast<std::int64_t>(number.value);
      lever.most = static_cast<std::int64_t>(
          number.spec.has_range ? std::min(number.spec.maximum, kExact) : kExact);
    } else if (number.value != 0) {
      add_factors(lever, place, way, number);
    }
    keep(std::move(lever));
  }

  static Way stage_way(const Number& number) noexcept {
    const std::string_view unit = number.spec.unit_name;
    return is_time(unit) || is_energy_or_power(unit) ? Way::stays : Way::both;
  }

  static void add_factors(Lever& lever, Place place, Way way, const Number& number) {
    std::vector<double> factors;
    if (way == Way::grows || way == Way::both) {
      factors.push_back(2);
    }
    if (way == Way::shrinks || way == Way::both) {
      factors.push_back(0.5);
    }
    if (place != Place::stage && !factors.empty()) {
      factors.push_back(factors[0] * factors[0]);
    }
    for (const double factor : factors) {
      const double other =
          number.is_integer ? std::floor(number.value * factor) : number.value * factor;
      if (other != number.value && number.in_range(other)) {
        lever.values.push_back(value_of_number(other, number.is_integer));
      }
    }
  }

  void keep(Lever lever) {
    if (lever.is_amount ? lever.amount < lever.most : !lever.values.empty()) {
      out_.push_back(std::move(lever));
    }
  }

  const std::optional<std::string>& resource_;  // none: the recipe is infeasible
  std::vector<Lever> out_;
};

}  // namespace

std::string Lever::setting(std::string_view value) const {
  return fmt::format("{}={}{}{}", key, before, value, behind);
}

std::string Lever::setting(std::int64_t value) const {
  return setting(fmt::format("{}", value));
}

std::vector<Lever> levers_of(const recipe::ResolvedPlan& plan,
                             std::span<const Component* const> components,
                             const std::optional<std::string>& resource) {
  Levers levers(resource);
  levers.add("architecture", Place::architecture, plan.architecture);
  levers.add("cost", Place::cost, plan.cost);
  for (std::size_t i = 0; i < plan.stages.size(); ++i) {
    const std::string path = fmt::format("stage.{}", i + 1);
    levers.add(path, Place::stage, plan.stages[i]);
    if (!resource && plan.stages[i].config.component().kind == Kind::partitioner) {
      levers.add_others(path, plan.stages[i].config.component(), components);
    }
  }
  return levers.take();
}

}  // namespace imbrex::experiment
