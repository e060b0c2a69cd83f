// A network on a DRAM-PIM system put together from the built plugins.
#pragma once

#include "clsa_fixture.hpp"
#include "thrown.hpp"

#include <imbrex/values/map_space_spec.hpp>

namespace imbrex::test {

struct DramSystem : PluginSystem {
  explicit DramSystem(std::shared_ptr<const Workload> network, const Settings& architecture = {},
                      const Settings& cost = {})
      : PluginSystem(std::move(network), {"imbrex.architecture.dram-pim", architecture},
                     {"imbrex.cost.bit-serial", cost}) {}
  Design design() const { return Design(shared_workload()); }
};

inline Placement slice(std::int64_t units) {
  Placement placement;
  placement.units = units;
  return placement;
}

inline std::shared_ptr<const Workload> one_convolution(std::int64_t channels, std::int64_t side,
                                                       std::int64_t filters, std::int64_t kernel) {
  WorkloadBuilder builder("one");
  builder.convolution("op", builder.input("x", image(channels, side, side)),
                      convolution(filters, kernel));
  return std::make_shared<const Workload>(builder.finish());
}

}  // namespace imbrex::test
