#include "plugin/registry.hpp"

#include "base/files.hpp"
#include "plugin/call_mark.hpp"
#include "plugin/descriptor_check.hpp"
#include "plugin/discovery.hpp"
#include "plugin/last_words.hpp"
#include "plugin/library.hpp"
#include "plugin/library_file.hpp"
#include "plugin/load_failure.hpp"
#include "plugin/pins.hpp"
#include "plugin/registry_messages.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <mutex>
#include <optional>

#include <fmt/format.h>

namespace imbrex::plugin {
namespace {

struct Loaded {
  PluginEntry entry;
  FileIdentity identity;
  std::string sha256;
};

// Hashes the open file and loads that very file, so the bytes checked are the bytes loaded.
const PluginDescriptor* open_pinned(LibraryFile& file, const Pins& pins, std::string& sha256) {
  const std::filesystem::path opened = file.descriptor_path();
  sha256 = sha256_hex_of_file(opened);
  const std::string likely_id = id_from_file_name(file.path().filename().native());
  if (const std::string problem = pin_problem(pins, likely_id, sha256); !problem.empty()) {
    refuse(file.path(), problem);
  }
  const PluginDescriptor* descriptor = open_library(opened, file.path());
  // The dynamic linker remembers libraries by name: were this number given to another file, opening
  // it would return this library.
  file.keep_open();
  return descriptor;
}

// The checks before the first virtual call.
void accept(Loaded& loaded, const PluginDescriptor* descriptor, const Pins& pins) {
  if (const std::string problem = refusal_of(descriptor, host_abi()); !problem.empty()) {
    refuse(loaded.entry.path, problem);
  }
  if (const std::string problem = pin_problem(pins, descriptor->id, loaded.sha256);
      !problem.empty()) {
    refuse(loaded.entry.path, problem);
  }
  loaded.entry.descriptor = descriptor;
}

void load_into(Loaded& loaded, const Pins& pins) {
  LibraryFile file(loaded.entry.path);
  loaded.identity = file.identity();
  const CallMark mark(file.path().native(), "what it does while it is loaded");
  accept(loaded,
         pins.empty() ? open_library(file.path(), file.path())
                      : open_pinned(file, pins, loaded.sha256),
         pins);
  remember_library(*loaded.entry.descriptor, file.path().native());
}

Loaded load(const Candidate& candidate, const Pins& pins) {
  Loaded loaded;
  loaded.entry.path = candidate.path;
  loaded.entry.explicitly_named = candidate.explicitly_named;
  loaded.entry.state = LoadState::failed_to_open;
  loaded.entry.message = candidate.problem;
  if (!candidate.problem.empty()) {
    return loaded;
  }
  try {
    load_into(loaded, pins);
    loaded.entry.state = LoadState::loaded;
  } catch (const LoadFailure& failure) {
    loaded.entry.state = failure.state();
    loaded.entry.message = failure.what();
  }
  return loaded;
}

// A plugin that is part of `program`, whose bytes are therefore the plugin's.
Loaded load_linked(EntryFunction entry, const std::filesystem::path& program,
                   const FileIdentity& identity, const std::string& sha256, const Pins& pins) {
  Loaded loaded;
  loaded.entry.path = program;
  loaded.identity = identity;
  loaded.sha256 = sha256;
  try {
    accept(loaded, entry(), pins);
  } catch (const LoadFailure& failure) {
    loaded.entry.state = failure.state();
    loaded.entry.message = failure.what();
  }
  return loaded;
}

// One component and the library that offers it.
struct Offer {
  const Component* component;
  const PluginEntry* entry;
};

// Keeps the explicitly named of two offers, complains about any other pair.
std::string resolve_duplicate(Offer& kept, const Offer& other) {
  if (kept.entry->explicitly_named == other.entry->explicitly_named) {
    return fmt::format(
        "component '{}' is offered by both {} and {}; remove one, or name the one you "
        "want with --plugin",
        kept.component->id, kept.entry->path.string(), other.entry->path.string());
  }
  if (other.entry->explicitly_named) {
    kept = other;
  }
  return {};
}

std::vector<Offer> offers_by_id(std::span<const PluginEntry> entries) {
  std::vector<Offer> offers;
  for (const PluginEntry& entry : entries) {
    if (entry.descriptor != nullptr) {
      for (const Component& component : entry.descriptor->components) {
        offers.push_back({&component, &entry});
      }
    }
  }
  // Stable: equal ids stay in search order.
  std::stable_sort(offers.begin(), offers.end(), [](const Offer& a, const Offer& b) {
    return a.component->id < b.component->id;
  });
  return offers;
}

void throw_if_any(const std::vector<std::string>& problems) {
  if (!problems.empty()) {
    throw InputError(fmt::format("{}", fmt::join(problems, "\n")));
  }
}

}  // namespace

struct Registry::Impl {
  std::vector<PluginEntry> entries;
  std::vector<const Component*> components;  // sorted by id
  std::vector<FileIdentity> identities;      // per entry
  std::mutex mutex;                          // guards sha256
  std::vector<std::string> sha256;           // per entry; empty until asked for
  std::string places;                        // where libraries are looked for

  void load_all(const PluginSearchPath& path);
  void load_all_linked(const PluginSearchPath& path);
  void add(Loaded loaded);
  void collect_components();
};

void Registry::Impl::add(Loaded loaded) {
  entries.push_back(std::move(loaded.entry));
  identities.push_back(loaded.identity);
  sha256.push_back(std::move(loaded.sha256));
}

void Registry::Impl::load_all(const PluginSearchPath& path) {
  std::vector<std::string> problems;
  for (const Candidate& candidate : discover(path)) {
    Loaded loaded = load(candidate, path.pins);
    if (candidate.explicitly_named && loaded.entry.state != LoadState::loaded) {
      problems.push_back(loaded.entry.message);
    }
    add(std::move(loaded));
  }
  load_all_linked(path);
  throw_if_any(problems);
}

void Registry::Impl::load_all_linked(const PluginSearchPath& path) {
  if (path.linked.empty()) {
    return;
  }
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe");
  struct stat status {};
  if (stat(program.c_str(), &status) != 0) {
    throw Error(ErrorCode::failed, fmt::format("cannot read '{}'", program.string()));
  }
  const std::string digest = path.pins.empty() ? std::string() : sha256_hex_of_file(program);
  for (const EntryFunction entry : path.linked) {
    add(load_linked(entry, program, identity_of(status), digest, path.pins));
  }
}

void Registry::Impl::collect_components() {
  std::vector<std::string> problems;
  std::optional<Offer> kept;
  for (const Offer& offer : offers_by_id(entries)) {
    if (!kept || kept->component->id != offer.component->id) {
      components.push_back(offer.component);
      kept = offer;
    } else if (std::string problem = resolve_duplicate(*kept, offer); !problem.empty()) {
      problems.push_back(std::move(problem));
    } else {
      components.back() = kept->component;
    }
  }
  throw_if_any(problems);
}

Registry::Registry(const PluginSearchPath& path) : impl_(std::make_unique<Impl>()) {
  check_pins_well_formed(path.pins);
  impl_->places = places_text(path);
  impl_->load_all(path);
  impl_->collect_components();
}

Registry::~Registry() = default;

std::span<const PluginEntry> Registry::plugins() const noexcept {
  return impl_->entries;
}

std::span<const Component* const> Registry::components() const noexcept {
  return impl_->components;
}

const Component* Registry::find(std::string_view id) const noexcept {
  const auto found = std::lower_bound(
      impl_->components.begin(), impl_->components.end(), id,
      [](const Component* component, std::string_view wanted) { return component->id < wanted; });
  return found != impl_->components.end() && (*found)->id == id ? *found : nullptr;
}

const PluginEntry& Registry::plugin_of(const Component& component) const noexcept {
  const auto owner =
      std::find_if(impl_->entries.begin(), impl_->entries.end(), [&](const PluginEntry& entry) {
        if (entry.descriptor == nullptr) {
          return false;
        }
        const std::span<const Component> all = entry.descriptor->components;
        return std::any_of(all.begin(), all.end(),
                           [&](const Component& candidate) { return &candidate == &component; });
      });
  IMBREX_ASSERT(owner != impl_->entries.end());  // components come from registries only
  return *owner;
}

std::string Registry::not_found_message(std::string_view id) const {
  return missing_component_text(*this, id, impl_->places);
}

std::string Registry::sha256_of(const PluginEntry& entry) const {
  const std::size_t i = static_cast<std::size_t>(&entry - impl_->entries.data());
  IMBREX_ASSERT(i < impl_->entries.size());
  const std::lock_guard lock(impl_->mutex);
  std::string& digest = impl_->sha256[i];
  if (digest.empty()) {
    digest = sha256_hex_of_file(entry.path);
    struct stat status {};
    if (stat(entry.path.c_str(), &status) != 0 || identity_of(status) != impl_->identities[i]) {
      digest.clear();
      throw Error(ErrorCode::failed,
                  fmt::format("{}: changed on disk after it was loaded; run again",
                              entry.path.filename().string()));
    }
  }
  return digest;
}

}  // namespace imbrex::plugin
