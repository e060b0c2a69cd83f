// Which libraries a plan is made of, known before it runs.
#pragma once

#include "plugin/registry.hpp"
#include "recipe/plan.hpp"

#include <imbrex/values/result.hpp>

#include <vector>

namespace imbrex::run {

struct UsedPlugin {
  const plugin::PluginEntry* entry = nullptr;  // of the registry
  PluginRecord record;
};

// Every library that made a component of the plan, each once, by plugin id. Hashes the libraries.
// Errors: as Registry::sha256_of.
std::vector<UsedPlugin> plugin_records(const recipe::ResolvedPlan& plan,
                                       const plugin::Registry& registry);

}  // namespace imbrex::run
