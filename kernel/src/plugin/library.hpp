// Opening a shared library and asking it for its descriptor.
#pragma once

#include <imbrex/plugin/descriptor.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace imbrex::plugin {

// Maps the library (all symbols resolved now, none shared with other libraries, resident until the
// process ends) and returns what its entry symbol returns, unchecked. The floating-point
// environment of the calling thread is as before: a library linked with -ffast-math would change
// it. `file` is opened; messages name `shown`. Errors: LoadFailure. Complexity: ~40 us.
const PluginDescriptor* open_library(const std::filesystem::path& file,
                                     const std::filesystem::path& shown);

// The same for a library that is no plugin: the function that it exports under this name. Errors:
// LoadFailure, also when it exports none. Its messages name the file alone.
using AnyFunction = void (*)();
AnyFunction open_function(const std::filesystem::path& file, const char* name);

// What dlerror said, as one sentence for a person: without the path, symbols demangled, with
// advice.
std::string explain_load_error(std::string_view dlerror_text, std::string_view opened_path);

}  // namespace imbrex::plugin
