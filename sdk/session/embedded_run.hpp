// A recipe inside another program: what the functions of imbrex/session.h do, with exceptions.
#pragma once

#include "plugin/component_json.hpp"
#include "plugin/host_services.hpp"
#include "plugin/registry.hpp"
#include "recipe/parsed_recipe.hpp"
#include "run/runner.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex::session {

using OnProgress = std::function<void(const plugin::Progress&)>;
using OnLog = std::function<void(LogLevel, std::string_view component, std::string_view line)>;

// [one thread at a time, but `cancel`] Errors: those of the engine, as the command reports them.
class EmbeddedRun {
 public:
  void add_plugin(const std::filesystem::path& file);
  void read_file(const std::filesystem::path& path);
  void read_text(std::string_view recipe, const std::filesystem::path& folder);
  void edit(recipe::Edit edit);

  // Nothing when that was done and nothing changed since.
  void resolve();
  std::string plan_toml(const std::filesystem::path& folder);
  // Of the last `resolve`, whether it succeeded or not.
  const std::string& notes() const noexcept { return notes_; }

  void on_progress(OnProgress call) { on_progress_ = std::move(call); }
  void on_log(OnLog call) { on_log_ = std::move(call); }
  // Resolves and runs; returns whether the result is whole.
  bool run(int threads);
  // [any thread]
  void cancel() noexcept;

  // Null without a result.
  const Result* result() const noexcept { return ran_ ? &ran_->outcome.result : nullptr; }
  const std::string* result_json() const noexcept { return ran_ ? &ran_->json : nullptr; }
  void write(const std::filesystem::path& folder, bool replace);

  std::string components_json() { return plugin::plugins_json(*registry()); }
  std::string describe_json(std::string_view id);

 private:
  // What a result was made by stays with it, whatever is edited afterwards.
  struct Ran {
    recipe::ResolvedPlan plan;
    std::shared_ptr<const plugin::Registry> registry;
    run::RunOutcome outcome;
    std::string json;
    int threads = 0;
    double duration_s = 0;
  };

  const recipe::ParsedRecipe& recipe() const;
  const std::shared_ptr<const plugin::Registry>& registry();
  void changed() noexcept;
  void take(recipe::ParsedRecipe recipe);
  plugin::HostOptions host_options(int threads) const;

  std::vector<std::filesystem::path> plugin_files_;
  std::optional<recipe::ParsedRecipe> recipe_;
  recipe::Edits edits_;
  std::shared_ptr<const plugin::Registry> registry_;  // null: to be opened for what changed
  std::optional<recipe::ResolvedPlan> plan_;
  std::string notes_;
  OnProgress on_progress_;
  OnLog on_log_;
  std::optional<Ran> ran_;

  // Who cancels finds the run that goes on, or leaves a note for the next one.
  class Cancellable;
  std::mutex cancel_mutex_;
  plugin::HostServices* running_ = nullptr;
  bool cancels_next_ = false;
};

}  // namespace imbrex::session
