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

}  // namespace

EvolveGenomes* open_evolution() {
  const std::filesystem::path file = own_library().parent_path().parent_path() / kEvolveLibrary;
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
