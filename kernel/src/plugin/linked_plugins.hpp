// Plugins that are part of the program instead of files that it opens: a program that links the
// target `imbrex_linked_plugins` (sdk/cmake/ImbrexLinkedPlugins.cmake) has those of the tree. They
// are checked like libraries, and their file is the program.
#pragma once

#include <imbrex/plugin/descriptor.hpp>

#include <span>

namespace imbrex::plugin {

// What a library exports as kEntrySymbol.
using EntryFunction = const PluginDescriptor* (*)();

// Empty where none are linked. Constant data. [any thread]
std::span<const EntryFunction> linked_plugins() noexcept;

}  // namespace imbrex::plugin
