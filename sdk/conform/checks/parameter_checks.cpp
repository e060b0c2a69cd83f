// Parameters: whatever a recipe may say by the declared ranges either works or is refused in words.
#include "checks.hpp"
#include "examination.hpp"
#include "param_values.hpp"
#include "stand.hpp"

#include <imbrex/plugin/error.hpp>

#include <fmt/format.h>

namespace imbrex::conform {
namespace {

constexpr std::string_view kDefaults[] = {"parameters/defaults-construct"};

void defaults_construct(Examination& examination) {
  const auto services = examination.services();
  first_stand(examination, *services);
}

// Constructs with one value in one parameter; a refusal in words is an answer.
void try_value(const Stand& stand, const plugin::ConfigHandle& standard, const ParamSpec& spec,
               const ParamValue& value) {
  const plugin::ConfigHandle config = copy_of(standard);
  spec.store(config.get(), value);
  try {
    stand.make(config);
  } catch (const Error& error) {
    require(is_refusal(error), [&] {
      return fmt::format(
          "with {} = {} it fails: {}\nnarrow the declared range, or throw an InputError that says "
          "what would be right",
          spec.name, text_of(spec, value), error.what());
    });
  }
}

void ends_of_ranges(Examination& examination) {
  const auto services = examination.services();
  const Stand stand = first_stand(examination, *services);
  const plugin::ConfigHandle& standard = stand.setting().subject.config;
  for (const ParamSpec& spec : standard.component().params) {
    for_each_value(spec, [&](const ParamValue& value) { try_value(stand, standard, spec, value); });
  }
}

void values_are_kept(Examination& examination) {
  const plugin::ConfigHandle one(examination.component());
  const plugin::ConfigHandle other(examination.component());
  for (const ParamSpec& spec : examination.component().params) {
    const std::string before = text_of(spec, other.value(spec));
    for_each_value(spec, [&](const ParamValue& value) {
      spec.store(one.get(), value);
      const std::string given = text_of(spec, value);
      const std::string kept = text_of(spec, one.value(spec));
      require(given == kept, [&] {
        return fmt::format("{} = {} is kept as {}: a plan that echoes it would be another one",
                           spec.name, given, kept);
      });
    });
    require(text_of(spec, other.value(spec)) == before, [&] {
      return fmt::format("setting {} in one config changes it in another one", spec.name);
    });
  }
}

constexpr Check kChecks[] = {
    {"parameters/values-are-kept",
     "Every value of a parameter comes back as it was set, and no two configs share one.",
     kEveryKind, values_are_kept},
    {"parameters/defaults-construct", "It can be made with its defaults, or those of the recipe.",
     kEveryKind, defaults_construct},
    {"parameters/ends-of-ranges-are-answered",
     "With each parameter at either end of its range, and with each choice, it can be made or says "
     "why not.",
     kEveryKind, ends_of_ranges, kDefaults},
};

}  // namespace

std::span<const Check> parameter_checks() {
  return kChecks;
}

}  // namespace imbrex::conform
