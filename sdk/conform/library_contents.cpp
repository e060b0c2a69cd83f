#include "library_contents.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <set>
#include <sstream>

#include <fmt/format.h>

namespace imbrex::conform {
namespace {

// A recipe that cannot be resolved with this library alone may be right beside the others.
bool may_use(Examination& examination, const Component& component) {
  const auto& recipe = examination.target().recipe;
  try {
    return !recipe || uses(examination.registry(), component, *recipe);
  } catch (const Error&) {
    return true;
  }
}

Finding listed(const Target& whole) {
  Finding finding;
  try {
    Examination examination(whole, false);
    for (const Component& component : examination.descriptor().components) {
      finding.text += fmt::format("{} {} {}\n", component.id, index(component.kind),
                                  may_use(examination, component) ? 1 : 0);
    }
  } catch (...) {
    finding = {Status::failed, ""};
  }
  return finding;
}

std::vector<ComponentEntry> components_of(const std::filesystem::path& library,
                                          const SessionOptions& options) {
  const Target whole{library, options.recipe, "", options.seed, {}};
  const auto tell = [&] { return listed(whole); };
  const Finding told = options.in_process ? tell() : run_child(tell, options.limits).finding;
  std::vector<ComponentEntry> found;
  if (told.status == Status::passed) {
    std::istringstream lines(told.text);
    std::string id;
    unsigned used = 0;
    for (unsigned kind = 0; lines >> id >> kind >> used;) {
      found.push_back({id, static_cast<Kind>(kind), used != 0});
    }
  }
  return found;
}

void refuse_idle_recipe(const SessionOptions& options, const LibraryContents& contents) {
  std::string ids;
  for (const auto& components : contents) {
    for (const ComponentEntry& component : components) {
      if (component.used) {
        return;
      }
      ids += (ids.empty() ? "" : ", ") + component.id;
    }
  }
  if (options.recipe && !ids.empty()) {
    throw InputError(
        fmt::format("the recipe '{}' uses no component that is examined; name one "
                    "that uses {}",
                    options.recipe->string(), ids));
  }
}

}  // namespace

LibraryContents contents_of(const SessionOptions& options) {
  LibraryContents contents;
  for (const std::filesystem::path& library : options.libraries) {
    contents.push_back(components_of(library, options));
  }
  refuse_idle_recipe(options, contents);
  return contents;
}

std::vector<std::filesystem::path> companions_of(std::size_t library, const SessionOptions& options,
                                                 const LibraryContents& contents) {
  std::set<std::string> ids;
  // False, and nothing is added, when one is there already.
  const auto add = [&](const std::vector<ComponentEntry>& components) {
    std::set<std::string> more = ids;
    for (const ComponentEntry& component : components) {
      if (!more.insert(component.id).second) {
        return false;
      }
    }
    ids = std::move(more);
    return true;
  };
  std::vector<std::filesystem::path> found;
  add(contents[library]);
  for (std::size_t i = 0; i < contents.size(); ++i) {
    if (i != library && !contents[i].empty() && add(contents[i])) {
      found.push_back(options.libraries[i]);
    }
  }
  return found;
}

}  // namespace imbrex::conform
