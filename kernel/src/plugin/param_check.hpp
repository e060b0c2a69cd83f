// What a component declares beside its interface: parameters and facts. Checked when its library is
// loaded, so that a plan which was written can always be read again.
#pragma once

#include <imbrex/plugin/descriptor.hpp>

#include <string>

namespace imbrex::plugin {

// Names legal and unique, docs there, choices named once each, defaults legal under their own
// ranges and choices, and kept by the config struct; facts named legally and once, with a meaning.
// Makes one config struct and reads it. Empty when all is right; otherwise a sentence naming the
// component and the parameter or fact. Requires: a component that can be constructed.
std::string declaration_problem(const Component& component);

}  // namespace imbrex::plugin
