#include "sram_cim_config.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/values/ids.hpp>

#include <string>

namespace imbrex::sram_cim {

Cores cores_of(const Config& config) {
  constexpr Cores kOfPreset[] = {{0, 0}, {16, 9}, {16, 16}, {36, 16}};
  if (config.preset == Preset::none) {
    if (config.cores == 0 || config.crossbars_per_core == 0) {
      throw InputError(
          "the chip has no size: give preset, or both cores and crossbars_per_core (now cores = " +
          std::to_string(config.cores) +
          ", crossbars_per_core = " + std::to_string(config.crossbars_per_core) +
          "), e.g. --set architecture.preset=" + std::string(kPresets[1]));
    }
    return {config.cores, config.crossbars_per_core};
  }
  const Cores cores = kOfPreset[index(config.preset)];
  if (config.cores != 0 || config.crossbars_per_core != 0) {
    throw InputError("preset = \"" + std::string(kPresets[index(config.preset)]) + "\" fixes " +
                     std::to_string(cores.count) + " cores of " + std::to_string(cores.crossbars) +
                     " crossbars, but cores = " + std::to_string(config.cores) +
                     " and crossbars_per_core = " + std::to_string(config.crossbars_per_core) +
                     " are given as well; give only one");
  }
  return cores;
}

}  // namespace imbrex::sram_cim
