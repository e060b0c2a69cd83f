// Finds plugin libraries, loads them once, answers "which component has this id?".
#pragma once

#include "plugin/linked_plugins.hpp"

#include <imbrex/plugin/descriptor.hpp>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace imbrex::plugin {

enum class LoadState : std::uint8_t { loaded, refused, failed_to_open };

// One library on the search path, whether it could be used or not; a plugin that is linked into the
// program; or a folder of the search path that cannot be read.
struct PluginEntry {
  std::filesystem::path path;  // canonical where it exists; of a linked plugin that of the program
  LoadState state = LoadState::loaded;
  std::string message;                           // why not, empty when loaded
  const PluginDescriptor* descriptor = nullptr;  // null unless loaded
  bool explicitly_named = false;                 // came from --plugin: wins over others
};

// Where to look, in order of precedence (design section 5). Entries other than `files` are folders,
// of which only files named *.imbrex.so are opened, or single libraries. The working directory is
// never searched unless it is named.
struct PluginSearchPath {
  std::vector<std::filesystem::path> files;         // --plugin
  std::vector<std::filesystem::path> recipe_paths;  // [plugins] paths
  std::vector<std::filesystem::path> environment;   // IMBREX_PLUGIN_PATH
  std::vector<std::filesystem::path> defaults;      // beside the command, or the install prefix
  std::span<const EntryFunction> linked;            // parts of the program
  // [plugins.pin]: plugin id -> "sha256:HEX". With any pin, every library is hashed, and what is
  // loaded is the open file that was hashed. A library named vendor-name.imbrex.so whose pin for
  // vendor.name differs is refused before any of its code runs, any other one right after it told
  // its id.
  std::map<std::string, std::string> pins;
};
// Where the libraries are that are opened at run time: <folder of the executable>/../lib/imbrex, or
// <folder of the library>/imbrex where the engine is in a library; empty where nobody knows.
std::filesystem::path library_folder();
// Reads IMBREX_PLUGIN_PATH (separated by colons) and names the folder `plugins` of that one; where
// plugins are linked into the program, they stand in the place of the folder.
PluginSearchPath default_search_path();

// An owned component instance: destroyed by the library that made it, which is never unloaded.
template <class Interface>
class Instance {
 public:
  Instance() = default;
  Instance(Interface* object, void (*destroy)(void*) noexcept) : object_(object, destroy) {}
  Interface* get() const noexcept { return static_cast<Interface*>(object_.get()); }
  Interface* operator->() const noexcept { return get(); }
  Interface& operator*() const noexcept { return *get(); }
  explicit operator bool() const noexcept { return object_ != nullptr; }

 private:
  std::unique_ptr<void, void (*)(void*) noexcept> object_{nullptr, [](void*) noexcept {}};
};

// A config struct of some component, owned by the library that made it. Starts with the defaults.
class ConfigHandle {
 public:
  ConfigHandle() = default;
  explicit ConfigHandle(const Component& component);
  const Component& component() const noexcept { return *component_; }
  void* get() const noexcept { return config_.get(); }
  ParamValue value(const ParamSpec& spec) const { return spec.load(config_.get()); }

 private:
  const Component* component_ = nullptr;
  std::shared_ptr<void> config_;
};

class Registry {
 public:
  // Loads everything on the path, each file once however many names it has. A broken library is an
  // entry, not an error. Of two libraries that offer the same component id, the one named with
  // --plugin wins. Errors: InputError when both or neither were, when a library named with --plugin
  // cannot be loaded, or when a pin is not of the form "sha256:" and 64 hexadecimal digits.
  // Complexity: ~50 us per library; nothing is hashed unless there are pins.
  explicit Registry(const PluginSearchPath& path);
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  // In search order.
  std::span<const PluginEntry> plugins() const noexcept;
  // All usable components, sorted by id.
  std::span<const Component* const> components() const noexcept;
  const Component* find(std::string_view id) const noexcept;
  const PluginEntry& plugin_of(const Component& component) const noexcept;
  // Hex digest of the bytes that were loaded; cached. [any thread] Errors: Error when the file was
  // changed since, because its digest would then vouch for code that did not run.
  std::string sha256_of(const PluginEntry& entry) const;
  // "no component 'x'; did you mean 'y' (file)?", or where it was looked for and how to name more
  std::string not_found_message(std::string_view id) const;
  // What may explain a missing component, to be told once after all messages about them:
  // "2 plugin libraries could not be loaded; a missing component may be in one of them:", one per
  // line. Empty when every library was loaded.
  std::string load_failures_message() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Errors: InputError with the nearest name, and with the libraries that could not be loaded.
const Component& require_component(const Registry& registry, std::string_view id);

// Constructs a component; errors thrown by plugin code are turned into Error naming the component.
template <class Interface>
Instance<Interface> make_instance(const ConfigHandle& config, const Context& context);

namespace detail {
// Runs `create` under the guard.
void* create_guarded(const Component& component, const void* config, const Context& context);
}  // namespace detail

template <class Interface>
Instance<Interface> make_instance(const ConfigHandle& config, const Context& context) {
  return Instance<Interface>(
      static_cast<Interface*>(detail::create_guarded(config.component(), config.get(), context)),
      config.component().destroy);
}

// Calls into plugin code: bad input, infeasibility and interrupts pass, with `where` put in front
// of the first two; every other exception becomes a BlamedError of `where` with the copied text,
// unless it is one already. `where` is e.g. "stage 2 (imbrex.search.anneal)", `asked` the method,
// so that a call that ends the process is named as well (call_mark.hpp).
void guard(std::string_view where, std::string_view asked, FunctionRef<void()> call);

}  // namespace imbrex::plugin
