#include "result/result_writer.hpp"

#include "result/environment.hpp"
#include "result/result_json.hpp"
#include "result/timeline_file.hpp"
#include "run/occurrence.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

namespace imbrex::result {
namespace {

namespace fs = std::filesystem;

std::string hash8(const recipe::ResolvedPlan& plan) {
  return plan.sha256().substr(0, 8);
}

class Reports {
 public:
  Reports(const run::RunOutcome& outcome, const recipe::ResolvedPlan& plan,
          plugin::HostServices& services, OutputFolder& folder)
      : outcome_(outcome), plan_(plan), services_(services), folder_(folder) {}

  void run_all(const plugin::Registry& registry, std::string_view default_reporter) {
    if (plan_.reports.empty()) {
      const Component* const fallback = registry.find(default_reporter);
      if (fallback != nullptr && fallback->kind == Kind::reporter) {
        run(plugin::ConfigHandle(*fallback), "report (" + std::string(default_reporter) + ")", 0);
      }
    }
    for (std::size_t i = 0; i < plan_.reports.size(); ++i) {
      run(plan_.reports[i].config, plan_.reports[i].where, run::occurrence(plan_.reports, i));
    }
  }

 private:
  void run(const plugin::ConfigHandle& config, const std::string& where, std::uint32_t nth) {
    const plugin::HostServices::Output output(services_, where);
    Host& host = services_.host_for(config.component().id, plan_.seed, nth);
    const Context context = outcome_.machine->context(host);
    const auto reporter = plugin::make_instance<Reporter>(config, context);
    plugin::guard(where, "report", [&] { reporter->report(outcome_.result, folder_); });
  }

  const run::RunOutcome& outcome_;
  const recipe::ResolvedPlan& plan_;
  plugin::HostServices& services_;
  OutputFolder& folder_;
};

}  // namespace

std::string plan_text(const recipe::ResolvedPlan& plan, const fs::path& folder,
                      const CarriedInputs& inputs, const std::string& above) {
  return plan.to_toml(fs::absolute(folder).lexically_normal(), inputs.names(above));
}

void write_inputs(const CarriedInputs& inputs, ResultFolder& folder) {
  for (const CarriedInputs::Copy& copy : inputs.copies()) {
    folder.write_below(copy.name, copy.content);
  }
}

void write_lock(RunLock lock, ResultFolder& folder) {
  for (const auto& [name, digest] : folder.digests()) {
    if (name != kEnvironmentFile) {
      lock.files[name] = digest;
    }
  }
  folder.write(kLockFile, lock_json(lock));
}

fs::path default_folder(const recipe::ResolvedPlan& plan) {
  std::string name = plan.name;
  std::replace_if(
      name.begin(), name.end(),
      [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '_';
      },
      '-');
  return fs::path("results") / (name + "-" + hash8(plan));
}

void run_reporters(const run::RunOutcome& outcome, const recipe::ResolvedPlan& plan,
                   const plugin::Registry& registry, plugin::HostServices& services,
                   std::string_view default_reporter, OutputFolder& folder) {
  Reports(outcome, plan, services, folder).run_all(registry, default_reporter);
}

void write_results(const run::RunOutcome& outcome, const recipe::ResolvedPlan& plan,
                   const plugin::Registry& registry, plugin::HostServices& services,
                   const WriteOptions& options) {
  ResultFolder folder(options.folder, options.existing, options.quiet);
  folder.write("result.json", result_json(outcome.result, *outcome.design));
  const std::string above = options.are_inputs_above ? "../" : "";
  folder.write("plan.toml",
               plan_text(plan, options.final_folder.empty() ? options.folder : options.final_folder,
                         options.inputs, above));
  if (!options.are_inputs_above) {
    write_inputs(options.inputs, folder);
  }
  folder.write("timeline.csv", timeline_csv(outcome.result, options.timeline_jobs));
  folder.write(kEnvironmentFile,
               environment_json(describe_environment(options.threads, options.duration_s)));
  run_reporters(outcome, plan, registry, services, options.default_reporter, folder);
  RunLock lock = lock_of(plan, registry, options.inputs, options.build);
  lock.inputs = options.inputs.records(above);
  lock.timeline_jobs = options.timeline_jobs;
  lock.partial = outcome.result.partial;
  write_lock(std::move(lock), folder);
  folder.show("results in " + options.folder.string() + "\n");
  folder.commit();
}

fs::path write_reproducer(const recipe::ResolvedPlan& plan, const CarriedInputs& inputs,
                          const fs::path& results, std::string_view message) {
  const fs::path folder =
      fs::absolute(results).lexically_normal().parent_path() / ("repro-" + hash8(plan));
  ResultFolder out(folder, ResultFolder::Existing::replace, true);
  out.write("plan.toml", plan_text(plan, folder, inputs));
  write_inputs(inputs, out);
  out.write("message.txt", std::string(message) + "\n");
  out.commit();
  return folder;
}

}  // namespace imbrex::result
