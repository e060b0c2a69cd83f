#include "genome_evolution.hpp"

#include <imbrex/plugin/error.hpp>

#include <filesystem>
#include <string>
#include <system_error>

#include <dlfcn.h>

namespace imbrex::genetic {
namespace {

// A pinned plugin is opened by a name below /proc, which leads to its file.
std::filesystem::path own_library() {
  static const char here = 0;
  Dl_info own{};
  std::error_code ignored;
  return dladdr(&here, &own) != 0 ? std::filesystem::canonical(own.dli_fname, ignored)
                                  : std::filesystem::path();
}

// Above the folder of the plugins, or, where the plugin is a part of bin/PROGRAM, where that folder
// would be.
std::filesystem::path evolve_library() {
  const std::filesystem::path root = own_library().parent_path().parent_path();
  const std::filesystem::path of_program = root / "lib" / "imbrex" / kEvolveLibrary;
  std::error_code ignored;
  return std::filesystem::exists(of_program, ignored) ? of_program : root / kEvolveLibrary;
}

}  // namespace

EvolveGenomes* open_evolution() {
  const std::filesystem::path file = evolve_library();
  void* const library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  void* const function = library != nullptr ? dlsym(library, kEvolveSymbol) : nullptr;
  if (function == nullptr) {
    const char* const reason = dlerror();
    throw Error(ErrorCode::failed, "cannot use '" + file.string() +
                                       "', which evolves whole designs: " +
                                       (reason != nullptr ? reason : "unknown reason") +
                                       "; install both libraries together, or let layers judge");
  }
  return reinterpret_cast<EvolveGenomes*>(function);
}

}  // namespace imbrex::genetic
