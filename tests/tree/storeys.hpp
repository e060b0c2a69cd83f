// The four storeys of the tree, and beside the command the conformance kit and the library that
// programs embed: which one a file is on, and who may know whom (design, section 3).
#pragma once

#include "include_graph.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace imbrex::test {

enum class Storey { language, toolkit, engine, plugins, kit, embedding };

// A storey, and the folder in it whose files belong together: of the engine and the toolkit the
// part, of plugins the component, of the conformance kit the kit or its problems. The language is
// one, and so is what programs include of the embedding.
struct Place {
  Storey storey = Storey::language;
  std::string folder;
  friend bool operator==(const Place&, const Place&) = default;
  std::string text() const;  // "toolkit search"
};

// `path`: from the root of the tree. Empty: no C++ file of a storey.
std::optional<Place> place_of(const std::string& path);

// Itself, or a lower storey; the engine and the toolkit do not know one another. The kit stands
// beside the plugins: it knows all but them, and nobody knows it.
bool may_know(Storey from, Storey to) noexcept;

// The file of the tree that a line includes, from the root; empty: of the system or a library.
std::optional<std::string> file_of(const Include& include, const std::filesystem::path& tree);

// The namespace that all code of a place lies in; empty for components, which choose their own.
std::string namespace_of(const Place& place);

}  // namespace imbrex::test
