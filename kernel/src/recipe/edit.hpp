// What somebody changes in a recipe without touching its file. Plain data, so that an axis of an
// experiment, the command line and a test say it alike.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace imbrex::recipe {

struct Edit {
  enum class Kind : std::uint8_t {
    set,      // "architecture.rows=128", as after --set
    unset,    // "architecture.topology", as after --unset
    profile,  // "small", as after --profile
  };
  Kind kind = Kind::set;
  std::string text;
  std::string folder;  // where paths in the text start; empty: the working directory

  Edit() = default;
  Edit(Kind what, std::string of, std::string in = {})
      : kind(what), text(std::move(of)), folder(std::move(in)) {}
  // Most edits set something.
  Edit(std::string setting) : text(std::move(setting)) {}  // NOLINT(google-explicit-constructor)
  Edit(const char* setting) : text(setting) {}             // NOLINT(google-explicit-constructor)
};

struct Edits : std::vector<Edit> {
  Edits() = default;
  Edits(std::initializer_list<Edit> edits) : std::vector<Edit>(edits) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  Edits(const std::vector<std::string>& settings)
      : std::vector<Edit>(settings.begin(), settings.end()) {}
};

}  // namespace imbrex::recipe
