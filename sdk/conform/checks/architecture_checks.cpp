// What an architecture says of the hardware.
#include "checks.hpp"
#include "examination.hpp"
#include "run/architecture_check.hpp"
#include "stand.hpp"

#include <array>

#include <fmt/format.h>

namespace imbrex::conform {
namespace {

constexpr std::string_view kDefaults[] = {"parameters/defaults-construct"};
constexpr Kinds kArchitecture = kinds_of({Kind::architecture_model});
constexpr int kPairs = 2000;

// Runs `ask` on the architecture made for the first network.
void with_model(Examination& examination, FunctionRef<void(const ArchitectureModel&)> ask) {
  const auto services = examination.services();
  const Stand stand = first_stand(examination, *services);
  const auto model = stand.make<ArchitectureModel>();
  ask(*model);
}

void values_are_amounts(Examination& examination) {
  with_model(examination, [&](const ArchitectureModel& model) {
    run::check_architecture(examination.component().id, model.view());
  });
}

// Sizes of all magnitudes.
std::int64_t drawn_amount(Random& random) {
  return random.between(0, std::int64_t{1} << random.between(0, 50));
}

void fits_is_monotone(Examination& examination) {
  with_model(examination, [&](const ArchitectureModel& model) {
    Random random(examination.seed(), 0);
    for (int i = 0; i < kPairs; ++i) {
      const Demand more{true, drawn_amount(random), drawn_amount(random)};
      const Demand less{true, random.between(0, more.units), random.between(0, more.weight_bits)};
      require(model.fits(more) != Verdict::feasible || model.fits(less) == Verdict::feasible, [&] {
        return fmt::format(
            "{} units with {} bits fit, but {} units with {} bits do not; what fits still fits "
            "when it shrinks",
            more.units, more.weight_bits, less.units, less.weight_bits);
      });
    }
  });
}

struct UnitTrait {
  UnitKind kind;
  Trait trait;
  std::string_view name;
};
constexpr std::array<UnitTrait, 3> kUnitTraits = {{
    {UnitKind::crossbar, Trait::crossbars, "Trait::crossbars"},
    {UnitKind::bit_serial_bank, Trait::bit_serial_banks, "Trait::bit_serial_banks"},
    {UnitKind::mac_array, Trait::mac_array, "Trait::mac_array"},
}};

void units_are_declared(Examination& examination) {
  const Trait declared = examination.component().provides_traits;
  with_model(examination, [&](const ArchitectureModel& model) {
    const Architecture& view = model.view();
    for (const UnitTrait& row : kUnitTraits) {
      const bool there = !view.units.empty() && view.units.front().kind == row.kind;
      require(there == has(declared, row.trait), [&] {
        return there ? fmt::format(
                           "units[0] is what {} stands for, but it is not declared; cost "
                           "models would not be matched with it",
                           row.name)
                     : fmt::format("it declares {}, but units[0] is something else", row.name);
      });
    }
    require(view.links.word_bits == 0 || has(declared, Trait::links), [] {
      return std::string("its elements have links, but it does not declare Trait::links");
    });
  });
}

void owns_resources(Examination& examination) {
  with_model(examination, [](const ArchitectureModel& model) {
    const Architecture& view = model.view();
    require(!view.resources.empty() && view.resources.front().count > 0, [] {
      return std::string(
          "resources[0], which placements own, is missing or empty: nothing could be placed");
    });
    require(!view.units.empty(),
            [] { return std::string("it has no units, so nothing computes on it"); });
  });
}

constexpr Check kChecks[] = {
    {"architecture/values-are-amounts",
     "Counts and times are at least 0, rates and energies finite as well.", kArchitecture,
     values_are_amounts, kDefaults},
    {"architecture/has-units-and-resources",
     "There is something that computes, and something to own.", kArchitecture, owns_resources,
     kDefaults},
    {"architecture/fits-is-monotone", "What fits still fits when it shrinks.", kArchitecture,
     fits_is_monotone, kDefaults, true},
    {"architecture/units-are-declared",
     "The traits that it declares are those of its units and links.", kArchitecture,
     units_are_declared, kDefaults},
};

}  // namespace

std::span<const Check> architecture_checks() {
  return kChecks;
}

}  // namespace imbrex::conform
