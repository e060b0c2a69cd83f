// Which workloads describe one network: a split of a workload is the same network, so that the
// kernel can tell it from another one that a plugin swapped in.
#pragma once

#include <imbrex/values/workload.hpp>

namespace imbrex {

struct WorkloadOrigin {
  // A number that no workload has had in this process. [any thread]
  static std::uint64_t new_network() noexcept;
  static void set(Workload& workload, std::uint64_t network) noexcept {
    workload.network_ = network;
  }
};

}  // namespace imbrex
