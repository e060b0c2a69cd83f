#include "plugin/linked_plugins.hpp"

// Generated into programs that link plugins, and ended by a null; null in all others.
extern "C" __attribute__((weak, visibility("hidden")))
const imbrex::plugin::EntryFunction imbrex_linked_plugins[];

namespace imbrex::plugin {

std::span<const EntryFunction> linked_plugins() noexcept {
  const EntryFunction* const first = imbrex_linked_plugins;
  const EntryFunction* end = first;
  while (end != nullptr && *end != nullptr) {
    ++end;
  }
  return {first, end};
}

}  // namespace imbrex::plugin
