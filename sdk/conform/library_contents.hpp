// What lies in the libraries of one call, found out before anything is asked of them.
#pragma once

#include "child.hpp"
#include "session.hpp"

#include <imbrex/plugin/descriptor.hpp>

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace imbrex::conform {

struct ComponentEntry {
  std::string id;
  Kind kind = Kind::reporter;
  bool used = true;  // by the recipe; also where that could not be found out
};

// Components by library, in the order of the options; none where it cannot be opened, which its
// checks say. Each is opened in a process of its own: whatever opening does is seen by the check
// that asks about it. Errors: InputError when the recipe uses no component of any of them.
using LibraryContents = std::vector<std::vector<ComponentEntry>>;
LibraryContents contents_of(const SessionOptions& options);

// The other libraries that can be opened beside this one: no id is in two of them.
std::vector<std::filesystem::path> companions_of(std::size_t library, const SessionOptions& options,
                                                 const LibraryContents& contents);

}  // namespace imbrex::conform
