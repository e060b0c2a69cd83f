// What holds before anybody makes a component: a library that is opened does nothing but be there.
#include "checks.hpp"
#include "elf_file.hpp"
#include "examination.hpp"
#include "process_state.hpp"

#include <algorithm>
#include <cstring>
#include <ctime>

#include <dlfcn.h>
#include <fmt/format.h>

namespace imbrex::conform {
namespace {

constexpr std::string_view kOpens[] = {"library/opens"};
constexpr double kQuickMs = 50;

// As the kernel opens it, but without what the kernel puts right afterwards.
void* open_raw(const std::filesystem::path& library) {
  void* const handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (handle == nullptr) {
    throw Broken(dlerror());
  }
  return handle;
}

void opens(Examination& examination) {
  examination.registry();
}

void opens_silently(Examination& examination) {
  const std::int64_t before = examination.written();
  open_raw(examination.target().library);
  const std::int64_t after = examination.written();
  require(before == after, [&] {
    return fmt::format("opening it wrote {} bytes on stdout or stderr", after - before);
  });
}

void leaves_process_alone(Examination& examination) {
  const ProcessState before = process_state();
  open_raw(examination.target().library);
  const std::string what = difference(before, process_state());
  require(what.empty(), [&] { return "opening it " + what; });
}

void opens_quickly(Examination& examination) {
  const std::clock_t begin = std::clock();
  open_raw(examination.target().library);
  const double ms = static_cast<double>(std::clock() - begin) * 1e3 / CLOCKS_PER_SEC;
  if (ms > kQuickMs) {
    examination.warn(
        fmt::format("opening it takes {:.0f} ms, more than {:.0f}: every command that "
                    "searches its folder waits for that",
                    ms, kQuickMs));
  }
}

void exports_entry_only(Examination& examination) {
  const ElfFile elf = read_elf(examination.target().library);
  for (const ExportedSymbol& symbol : elf.exported) {
    require(symbol.name == kEntrySymbol, [&] {
      return fmt::format(
          "it exports {}{}; whatever it exports may be taken for another plugin's: build it with "
          "imbrex_add_plugin()",
          symbol.unique ? "the unique symbol " : "", symbol.name);
    });
  }
}

void names_no_folders(Examination& examination) {
  for (const std::string& folder : read_elf(examination.target().library).run_path) {
    if (folder.starts_with('/')) {
      examination.warn(
          fmt::format("its run path names the folder {} of the machine it was built on; a plugin "
                      "needs none for "
                      "the kernel: set BUILD_WITH_INSTALL_RPATH before you pass it on",
                      folder));
    }
  }
}

void descriptor_is_constant(Examination& examination) {
  void* const handle = open_raw(examination.target().library);
  using Entry = const PluginDescriptor* (*)();
  const auto entry = reinterpret_cast<Entry>(dlsym(handle, kEntrySymbol));
  require(entry != nullptr, [] { return fmt::format("it exports no {}", kEntrySymbol); });
  const PluginDescriptor* const first = entry();
  PluginDescriptor copy;
  std::memcpy(static_cast<void*>(&copy), first, sizeof(copy));
  const std::vector<Component> components(first->components.begin(), first->components.end());
  const PluginDescriptor* const second = entry();
  require(first == second && std::memcmp(&copy, second, sizeof(copy)) == 0,
          [] { return std::string("its descriptor is another one when it is asked again"); });
  for (std::size_t i = 0; i < components.size(); ++i) {
    require(std::memcmp(&components[i], &second->components[i], sizeof(Component)) == 0, [&] {
      return fmt::format("its component '{}' is another one when it is asked again",
                         components[i].id);
    });
  }
}

constexpr Check kChecks[] = {
    {"library/opens", "The kernel opens it and finds its descriptor right.", kLibrary, opens},
    {"library/opens-silently", "Nothing is written while it is opened.", kLibrary, opens_silently,
     kOpens},
    {"library/leaves-the-process-alone",
     "Opening it changes neither floating-point modes, locale, signal handlers, working folder, "
     "umask nor environment, and starts no thread.",
     kLibrary, leaves_process_alone, kOpens},
    {"library/opens-quickly", "It is open within 50 ms of the processor.", kLibrary, opens_quickly,
     kOpens},
    {"library/exports-its-entry-alone", "It exports one symbol, and none that is unique.", kLibrary,
     exports_entry_only, kOpens},
    {"library/names-no-folders", "Its run path names no folder of the machine it was built on.",
     kLibrary, names_no_folders, kOpens},
    {"library/descriptor-is-constant", "Its descriptor is the same whenever it is asked.", kLibrary,
     descriptor_is_constant, kOpens},
};

}  // namespace

std::span<const Check> library_checks() {
  return kChecks;
}

}  // namespace imbrex::conform
