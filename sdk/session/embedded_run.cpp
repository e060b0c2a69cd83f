#include "embedded_run.hpp"

#include "build_commit.hpp"
#include "result/build_id.hpp"
#include "result/result_json.hpp"
#include "result/result_writer.hpp"
#include "run/machine_memory.hpp"

#include <imbrex/plugin/error.hpp>

#include <chrono>
#include <utility>

namespace imbrex::session {
namespace {

namespace fs = std::filesystem;

void add_notes(std::string& text, const recipe::Notes& notes) {
  for (const std::string& note : notes) {
    text += (text.empty() ? "" : "\n") + note;
  }
}

}  // namespace

// A run that `cancel` finds while this lives.
class EmbeddedRun::Cancellable {
 public:
  Cancellable(EmbeddedRun& run, plugin::HostServices& services) : run_(run) {
    const std::lock_guard lock(run_.cancel_mutex_);
    run_.running_ = &services;
    if (std::exchange(run_.cancels_next_, false)) {
      services.cancel();
    }
  }
  ~Cancellable() {
    const std::lock_guard lock(run_.cancel_mutex_);
    run_.running_ = nullptr;
  }
  Cancellable(const Cancellable&) = delete;
  Cancellable& operator=(const Cancellable&) = delete;

 private:
  EmbeddedRun& run_;
};

void EmbeddedRun::add_plugin(const fs::path& file) {
  plugin_files_.push_back(file);
  changed();
}

void EmbeddedRun::read_file(const fs::path& path) {
  take(recipe::ParsedRecipe::of_file(recipe::recipe_file(path)));
}

void EmbeddedRun::read_text(std::string_view recipe, const fs::path& folder) {
  take(recipe::ParsedRecipe::of_text(recipe, folder / "recipe.toml"));
}

void EmbeddedRun::take(recipe::ParsedRecipe recipe) {
  recipe_ = std::move(recipe);
  edits_.clear();
  ran_.reset();
  changed();
}

void EmbeddedRun::edit(recipe::Edit edit) {
  edits_.push_back(std::move(edit));
  changed();
}

void EmbeddedRun::changed() noexcept {
  registry_.reset();
  plan_.reset();
}

const recipe::ParsedRecipe& EmbeddedRun::recipe() const {
  if (!recipe_) {
    throw InputError("the session has no recipe: read a file or a text first");
  }
  return *recipe_;
}

const std::shared_ptr<const plugin::Registry>& EmbeddedRun::registry() {
  if (registry_ == nullptr) {
    plugin::PluginSearchPath path = plugin::default_search_path();
    path.files = plugin_files_;
    if (recipe_) {
      recipe::RecipePlugins wanted = recipe::recipe_plugins(*recipe_, edits_);
      path.recipe_paths = std::move(wanted.paths);
      path.pins = std::move(wanted.pins);
    }
    registry_ = std::make_shared<const plugin::Registry>(path);
  }
  return registry_;
}

void EmbeddedRun::resolve() {
  if (plan_) {
    return;
  }
  notes_.clear();
  const recipe::ParsedRecipe& parsed = recipe();
  const plugin::Registry& libraries = *registry();
  recipe::Variant variant = recipe::resolve_variant(parsed, edits_, libraries);
  add_notes(notes_, variant.notes);
  if (!variant.plan) {
    throw InputError(variant.errors);
  }
  add_notes(notes_, recipe::vain_edits(parsed, edits_, *variant.plan, libraries));
  plan_ = std::move(variant.plan);
}

std::string EmbeddedRun::plan_toml(const fs::path& folder) {
  resolve();
  return result::plan_text(*plan_, folder.empty() ? "." : folder, {});
}

plugin::HostOptions EmbeddedRun::host_options(int threads) const {
  plugin::HostOptions options;
  options.threads = threads;
  // What nobody listens to is not written to the terminal of the program instead.
  options.on_progress = on_progress_ ? on_progress_ : [](const plugin::Progress&) {};
  options.on_log = on_log_ ? on_log_ : [](LogLevel, std::string_view, std::string_view) {};
  return options;
}

bool EmbeddedRun::run(int threads) {
  if (threads < 0) {
    throw InputError("a run has 0 (all cores) or more threads, not " + std::to_string(threads));
  }
  ran_.reset();
  resolve();
  const auto start = std::chrono::steady_clock::now();
  plugin::HostServices services(host_options(threads));
  const Cancellable cancellable(*this, services);
  run::Checks checks;
  checks.max_memory_bytes = run::default_max_memory();
  Ran ran{*plan_, registry_, run::run_plan(*plan_, *registry_, services, checks), "", threads, 0};
  ran.json = result::result_json(ran.outcome.result, *ran.outcome.design);
  ran.duration_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  ran_ = std::move(ran);
  return !ran_->outcome.result.partial;
}

void EmbeddedRun::cancel() noexcept {
  const std::lock_guard lock(cancel_mutex_);
  if (running_ != nullptr) {
    running_->cancel();
  } else {
    cancels_next_ = true;
  }
}

void EmbeddedRun::write(const fs::path& folder, bool replace) {
  if (!ran_) {
    throw InputError("the session has no result to write: run first");
  }
  result::WriteOptions options;
  options.folder = folder;
  options.existing =
      replace ? result::ResultFolder::Existing::replace : result::ResultFolder::Existing::refuse;
  options.quiet = true;
  options.threads = ran_->threads;
  options.duration_s = ran_->duration_s;
  result::ResultFolder::check_target(options.folder, options.existing);
  options.inputs = result::CarriedInputs(ran_->plan, result::kLargestCarriedInput);
  options.build = result::this_build(build_commit());
  plugin::HostServices services(host_options(ran_->threads));
  result::write_results(ran_->outcome, ran_->plan, *ran_->registry, services, options);
}

std::string EmbeddedRun::describe_json(std::string_view id) {
  const plugin::Registry& libraries = *registry();
  return plugin::component_json(libraries, plugin::require_component(libraries, id));
}

}  // namespace imbrex::session
