#include "stand.hpp"

#include "stage_trial.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace imbrex::conform {
namespace {

constexpr std::uint64_t kTries = 20;

bool needs_machine(Kind kind) noexcept {
  return kind != Kind::workload_reader && kind != Kind::architecture_model &&
         kind != Kind::cost_model;
}

}  // namespace

Stand::Stand(const Setting& setting, problems::Network network, plugin::HostServices& services)
    : setting_(setting),
      network_(std::move(network)),
      host_(services.host_for(setting.subject.id(), 1, 0)) {
  const Kind kind = setting.subject.config.component().kind;
  if (kind == Kind::cost_model) {
    Context context;
    context.workload = network_.get();
    context.host = &host_;
    architecture_ = plugin::make_instance<ArchitectureModel>(setting.architecture.config, context);
  } else if (needs_machine(kind)) {
    machine_ = machine_of(setting, network_, services);
  }
}

Context Stand::context() const noexcept {
  if (machine_) {
    return machine_->context(host_);
  }
  Context context;
  context.host = &host_;
  if (setting_.subject.config.component().kind != Kind::workload_reader) {
    context.workload = network_.get();
  }
  context.architecture = architecture_ ? &architecture_->view() : nullptr;
  return context;
}

AnyInstance Stand::make(const plugin::ConfigHandle& config) const {
  return {plugin::detail::create_guarded(config.component(), config.get(), context()),
          config.component().destroy};
}

bool is_refusal(const Error& error) noexcept {
  return error.code() == ErrorCode::bad_input || error.code() == ErrorCode::infeasible;
}

namespace {

// Why a stand cannot be used, and whose reason it is.
struct Reasons {
  std::string of_surroundings;
  std::string of_subject;
};

std::optional<Stand> usable(const Setting& setting, const problems::Network& network,
                            plugin::HostServices& services, Reasons& reasons) {
  std::optional<Stand> stand;
  try {
    stand.emplace(setting, network, services);
    stand->make(setting.subject.config);
    return stand;
  } catch (const Error& error) {
    if (!is_refusal(error)) {
      throw;
    }
    (stand ? reasons.of_subject : reasons.of_surroundings) = error.what();
  }
  return std::nullopt;
}

// Partitioners refuse in words what they find no way to partition, long after they were made. A
// fault is found by the check that asks about it.
bool takes_network(const Stand& stand, plugin::HostServices& services, std::uint64_t seed) {
  if (stand.setting().subject.config.component().kind != Kind::partitioner) {
    return true;
  }
  try {
    StageTrial(stand, services, seed).run();
  } catch (const Error& error) {
    return !is_refusal(error);
  }
  return true;
}

}  // namespace

std::vector<Setting> usable_settings(std::vector<Setting> settings, std::size_t most,
                                     std::uint64_t seed) {
  const auto services = Examination::services();
  std::vector<Setting> found;
  for (const Setting& setting : settings) {
    Reasons reasons;
    for (std::uint64_t number = 0; number < kTries && found.size() < most; ++number) {
      if (usable(setting, problems::random_network(seed, number), *services, reasons)) {
        found.push_back(setting);
        break;
      }
    }
  }
  if (found.empty()) {
    settings.resize(std::min(settings.size(), most));
    return settings;
  }
  return found;
}

Stand first_stand(Examination& examination, plugin::HostServices& services) {
  Reasons reasons;
  std::optional<Stand> idle;
  for (const Setting& setting : examination.settings()) {
    for (std::uint64_t number = 0; number < kTries; ++number) {
      const auto network = problems::random_network(examination.seed(), number);
      auto stand = usable(setting, network, services, reasons);
      if (stand && takes_network(*stand, services, examination.seed())) {
        return std::move(*stand);
      }
      if (stand && !idle) {
        idle.emplace(std::move(*stand));
      }
    }
  }
  if (idle) {
    return std::move(*idle);
  }
  if (!reasons.of_subject.empty()) {
    throw Skipped(reasons.of_subject + "\nname a recipe in which it can be made with --recipe");
  }
  throw Skipped("what surrounds it takes none of the networks: " + reasons.of_surroundings);
}

plugin::ConfigHandle copy_of(const plugin::ConfigHandle& config) {
  plugin::ConfigHandle copy(config.component());
  for (const ParamSpec& spec : config.component().params) {
    spec.store(copy.get(), config.value(spec));
  }
  return copy;
}

}  // namespace imbrex::conform
