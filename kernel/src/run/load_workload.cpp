#include "run/load_workload.hpp"

#include <imbrex/interfaces/workload_reader.hpp>
#include <imbrex/plugin/error.hpp>

#include <filesystem>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace imbrex::run {
namespace {

// The file that the reader reads; empty where it reads none.
std::filesystem::path file_of(const recipe::PlannedComponent& reader) {
  for (const ParamSpec& spec : reader.config.component().params) {
    if (spec.type != ParamType::path) {
      continue;
    }
    const std::filesystem::path file = reader.config.value(spec).text;
    if (!file.empty()) {
      return file;
    }
  }
  return {};
}

// A workload is called after the file it came from, else after its reader.
std::string workload_name(const recipe::PlannedComponent& reader) {
  const std::filesystem::path file = file_of(reader);
  return file.empty() ? std::string(reader.id()) : file.stem().string();
}

// What is wrong with the network as a whole is wrong at no line, but in a file.
Workload finished(WorkloadBuilder& builder, const std::filesystem::path& file) {
  try {
    return builder.finish();
  } catch (const InputError& error) {
    throw InputError(file.empty() ? error.what()
                                  : fmt::format("{}: error: {}", file.string(), error.what()));
  }
}

}  // namespace

std::shared_ptr<const Workload> load_workload(const recipe::PlannedComponent& reader,
                                              std::uint64_t seed, plugin::HostServices& services) {
  Context context;
  context.host = &services.host_for(reader.id(), seed, 0);
  const plugin::HostServices::Output output(services, reader.where);
  WorkloadBuilder builder(workload_name(reader));
  const auto instance = plugin::make_instance<WorkloadReader>(reader.config, context);
  plugin::guard(reader.where, "read", [&] { instance->read(builder); });
  std::optional<Workload> workload;
  plugin::guard(reader.where, "read",
                [&] { workload.emplace(finished(builder, file_of(reader))); });
  return std::make_shared<const Workload>(std::move(*workload));
}

}  // namespace imbrex::run
