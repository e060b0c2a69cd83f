#include "run/component_place.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace imbrex::run {
namespace {

// "*" at one end of a declared name stands for any text there.
bool matches(std::string_view declared, std::string_view name) {
  if (declared.ends_with('*')) {
    return name.starts_with(declared.substr(0, declared.size() - 1));
  }
  return declared.starts_with('*') ? name.ends_with(declared.substr(1)) : name == declared;
}

}  // namespace

void require_declared(const ComponentPlace& place, std::string_view fact) {
  if (place.component == nullptr) {
    return;
  }
  const auto facts = place.component->facts;
  if (std::any_of(facts.begin(), facts.end(),
                  [&](const FactSpec& declared) { return matches(declared.name, fact); })) {
    return;
  }
  std::string declared;
  for (const FactSpec& spec : facts) {
    declared += (declared.empty() ? "" : ", ") + std::string(spec.name);
  }
  throw BlamedError(
      place.where,
      fmt::format("states the fact '{}', which it does not declare; {}", fact,
                  declared.empty() ? std::string("it declares none") : "declared are " + declared));
}

}  // namespace imbrex::run
