// What several sub-commands do alike: find plugins, resolve a recipe, speak about components.
#pragma once

#include "options.hpp"
#include "plugin/host_services.hpp"
#include "plugin/registry.hpp"
#include "recipe/plan.hpp"

#include <imbrex/toolkit/text/style.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace imbrex::app {

// A folder stands for the plan.toml in it. Errors: InputError when there is none.
recipe::RecipeSource recipe_source(const RecipeOptions& options);
// `source` may be null: no recipe. Errors: InputError (see Registry).
std::unique_ptr<plugin::Registry> open_registry(const CommonOptions& common,
                                                const recipe::RecipeSource* source);
// The plan, after what there is to tell of it (unless `quiet`): decisions taken for the user, and
// overrides without effect. Errors: InputError.
recipe::ResolvedPlan resolve_and_tell(const recipe::RecipeSource& source,
                                      const plugin::Registry& registry, bool quiet);
plugin::ProgressMode progress_mode(const CommonOptions& common);
plugin::HostOptions host_options(const CommonOptions& common, int threads);

// What the terminal that stdout is can show.
const text::Style& stdout_style();
// A paragraph, each line of it behind so many blanks: as wide as the terminal, else one line.
std::string paragraph(std::string_view text, std::size_t indent);

std::string_view kind_name(Kind kind) noexcept;

}  // namespace imbrex::app
