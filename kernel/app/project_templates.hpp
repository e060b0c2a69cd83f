// The files of sdk/template, out of which `imbrex new` makes projects; a source that the build
// writes holds them, so that the command has them wherever it is installed.
//
// A text says @WORD@ for what differs between projects, and so does a path. Files of the group
// "common" belong to every project, unless its kind has one of the same path; an empty file is not
// written. Files whose names begin with '_' are not written either: "_what.md" is what @what@
// stands for.
#pragma once

#include <span>
#include <string_view>

namespace imbrex::app {

struct ProjectTemplate {
  std::string_view group;  // "common", or the kind as ids name it
  std::string_view path;   // in the project
  std::string_view text;
};

// By group, then path.
extern const std::span<const ProjectTemplate> kProjectTemplates;

}  // namespace imbrex::app
