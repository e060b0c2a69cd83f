// A setting bound to one network: where instances of the subject are made.
#pragma once

#include "check.hpp"
#include "examination.hpp"
#include "problems/networks.hpp"
#include "setting.hpp"

#include <imbrex/plugin/error.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace imbrex::conform {

// What components refuse in words, bad input or infeasible; anything else is a fault.
bool is_refusal(const Error& error) noexcept;

using AnyInstance = std::unique_ptr<void, void (*)(void*) noexcept>;

class Stand {
 public:
  // Errors: as the components that surround the subject; InputError and InfeasibleError mean that
  // the network is nothing for them.
  Stand(const Setting& setting, problems::Network network, plugin::HostServices& services);

  const Setting& setting() const noexcept { return setting_; }
  const problems::Network& network() const noexcept { return network_; }
  // What the subject is constructed with.
  Context context() const noexcept;
  // Requires: the subject needs a whole machine, so it is a stage or a reporter.
  const std::shared_ptr<const run::BoundMachine>& machine() const noexcept { return machine_; }

  AnyInstance make(const plugin::ConfigHandle& config) const;
  // The subject as the setting has it.
  template <class Interface>
  plugin::Instance<Interface> make() const {
    return plugin::make_instance<Interface>(setting_.subject.config, context());
  }

 private:
  const Setting& setting_;
  problems::Network network_;
  Host& host_;
  plugin::Instance<ArchitectureModel> architecture_;  // below a cost model
  std::shared_ptr<const run::BoundMachine> machine_;  // below stages and reporters
};

// The first `most` of the settings in which the subject can be made on some network of the seed;
// where there is none, the first `most`. Errors: what the subject throws that is no refusal.
std::vector<Setting> usable_settings(std::vector<Setting> settings, std::size_t most,
                                     std::uint64_t seed);

// The first of the settings, on the first of the seed's networks, in which the subject can be made.
// Errors: Skipped with the last reason when the subject refuses all of them, or when what surrounds
// it takes none of the networks.
Stand first_stand(Examination& examination, plugin::HostServices& services);

// The same parameters in a config of their own.
plugin::ConfigHandle copy_of(const plugin::ConfigHandle& config);

}  // namespace imbrex::conform
