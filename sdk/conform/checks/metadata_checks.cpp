// What a library says of itself. Ids, documentation, ranges, defaults and choices are the loader's
// to check (library/opens); this is what it leaves to taste.
#include "checks.hpp"
#include "examination.hpp"
#include "plugin/kinds.hpp"
#include "plugin/traits.hpp"

#include <algorithm>
#include <regex>

#include <fmt/format.h>

namespace imbrex::conform {
namespace {

constexpr std::string_view kOpens[] = {"library/opens"};
constexpr std::size_t kLongestSummary = 160;
constexpr std::string_view kNoLicenceYet = "not chosen yet";  // in the templates

void version_is_semantic(Examination& examination) {
  static const std::regex kSemantic(
      R"((0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?)");
  const std::string version(examination.descriptor().version);
  require(std::regex_match(version, kSemantic), [&] {
    return fmt::format("its version is '{}'; results name it, so write it as MAJOR.MINOR.PATCH",
                       version);
  });
}

void licence_is_named(Examination& examination) {
  const std::string_view licence = examination.descriptor().license;
  require(!licence.empty(), [] {
    return std::string("it names no licence; others need to know what they may do with it");
  });
  if (licence == kNoLicenceYet) {
    examination.warn(fmt::format(
        "its licence is '{}', which `imbrex new` wrote; name the one that you choose", licence));
  }
}

void require_summary(std::string_view whose, std::string_view summary) {
  require(!summary.empty() && summary.find('\n') == std::string_view::npos &&
              summary.size() <= kLongestSummary,
          [&] {
            return fmt::format("the summary of {} is '{}'; write one line of at most {} characters",
                               whose, summary, kLongestSummary);
          });
}

void summaries_are_lines(Examination& examination) {
  const PluginDescriptor& descriptor = examination.descriptor();
  require_summary(descriptor.id, descriptor.summary);
  for (const Component& component : descriptor.components) {
    require_summary(component.id, component.summary);
  }
}

// What a component of the kind can leave.
Trait leavable(Kind kind) {
  switch (kind) {
    case Kind::architecture_model:
    case Kind::cost_model:
      return plugin::hardware_traits();
    case Kind::partitioner:
      return Trait::placements | Trait::mappings;
    case Kind::search_strategy:
      return Trait::mappings;
    case Kind::overlap_analyzer:
      return Trait::timeline | Trait::sequential;
    case Kind::workload_reader:
    case Kind::reporter:
      break;
  }
  return Trait::none;
}

void traits_fit_the_kind(Examination& examination) {
  const Component& component = examination.component();
  const std::string_view kind = plugin::words_of(component.kind).interface_name;
  const Trait odd = plugin::missing_traits(component.provides_traits, leavable(component.kind));
  require(odd == Trait::none, [&] {
    return fmt::format("it says that it provides {}, which no {} can", plugin::trait_names(odd),
                       kind);
  });
  const bool is_analyzer = component.kind == Kind::overlap_analyzer;
  require(!is_analyzer || has(component.provides_traits, Trait::timeline), [] {
    return std::string("an overlap analyzer leaves a timeline: declare .provides(Trait::timeline)");
  });
  const bool is_early =
      component.kind == Kind::workload_reader || component.kind == Kind::architecture_model;
  require(!is_early || component.requires_traits == Trait::none, [&] {
    return fmt::format("it says that it needs {}, but nothing comes before a {}",
                       plugin::trait_names(component.requires_traits), kind);
  });
}

void facts_fit_the_kind(Examination& examination) {
  const Component& component = examination.component();
  const bool states = (kStages & kinds_of({component.kind})) != 0;
  require(states || component.facts.empty(), [&] {
    return fmt::format("it declares the fact '{}', but only stages state facts",
                       component.facts.front().name);
  });
}

constexpr Check kChecks[] = {
    {"metadata/version-is-semantic", "The version is MAJOR.MINOR.PATCH.", kLibrary,
     version_is_semantic, kOpens},
    {"metadata/licence-is-named", "A licence is named.", kLibrary, licence_is_named, kOpens},
    {"metadata/summaries-are-lines", "Library and components have summaries of one line.", kLibrary,
     summaries_are_lines, kOpens},
    {"metadata/traits-fit-the-kind", "It declares what a component of its kind can need and leave.",
     kEveryKind, traits_fit_the_kind},
    {"metadata/facts-fit-the-kind", "Only stages declare facts.", kEveryKind, facts_fit_the_kind},
};

}  // namespace

std::span<const Check> metadata_checks() {
  return kChecks;
}

}  // namespace imbrex::conform
