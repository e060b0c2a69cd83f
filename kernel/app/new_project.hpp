// What `imbrex new` writes: the files of a project for a component, as texts.
#pragma once

#include <imbrex/plugin/component.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace imbrex::app {

// What the project is about. The words derive from the id: "acme.cost.roof-line" is built as
// "acme_cost_roof_line" from roof_line.cpp, whose class is RoofLineCost.
struct ProjectNames {
  std::string id;
  Kind kind = Kind::workload_reader;
  std::string target;
  std::string file;  // of the source, without .cpp
  std::string class_name;
};

// Errors: InputError that says what was expected and what is near: `kind` is no word for a kind
// (kinds.hpp), `id` is no id of a component of that kind, or its vendor is the one of the shipped
// components.
ProjectNames project_names(std::string_view kind, const std::string& id);

struct ProjectFile {
  std::string path;  // relative to the project
  std::string text;
};

// By path. Errors: Error{failed} when a template uses a word that there is not.
std::vector<ProjectFile> project_files(const ProjectNames& names);

}  // namespace imbrex::app
