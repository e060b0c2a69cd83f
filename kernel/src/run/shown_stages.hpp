#pragma once

#include "plugin/host_services.hpp"

namespace imbrex::run {

// What people see of the chain goes with it, however it ends.
class ShownStages {
 public:
  explicit ShownStages(plugin::HostServices& services) noexcept : services_(services) {}
  ~ShownStages() { services_.stages_end(); }
  ShownStages(const ShownStages&) = delete;
  ShownStages& operator=(const ShownStages&) = delete;

 private:
  plugin::HostServices& services_;
};

}  // namespace imbrex::run
