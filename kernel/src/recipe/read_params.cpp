#include "recipe/read_params.hpp"

#include "recipe/param_reader.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace imbrex::recipe {
namespace {

const ParamSpec* find_spec(std::span<const ParamSpec> specs, std::string_view name) {
  const auto found = std::find_if(specs.begin(), specs.end(),
                                  [&](const ParamSpec& spec) { return spec.name == name; });
  return found == specs.end() ? nullptr : &*found;
}

void complain_unknown(const RecipeValue& value, const Component& component,
                      Diagnostics& diagnostics) {
  std::vector<std::string_view> names;
  for (const ParamSpec& spec : component.params) {
    names.push_back(spec.name);
  }
  std::string hint = did_you_mean(value.key, names);
  if (hint.empty()) {
    hint = names.empty() ? "; it takes no parameters"
                         : fmt::format("; it takes {}", fmt::join(names, ", "));
  }
  complain_at_key(diagnostics, value,
                  fmt::format("unknown parameter '{}' for {}{}", value.key, component.id, hint));
}

class TableReader {
 public:
  TableReader(const ParamTable& from, Diagnostics& diagnostics)
      : table_(from.table),
        component_(from.component),
        path_(from.path),
        diagnostics_(diagnostics) {}

  // Nothing after a complaint.
  std::optional<std::vector<CheckedParam>> read(const void* defaults) {
    for (const RecipeValue& value : table_.children) {
      if (value.key != "use") {
        read_given(value);
      }
    }
    for (const ParamSpec& spec : component_.params) {
      if (!is_given(spec)) {
        read_absent(spec, spec.load(defaults));
      }
    }
    return good_ ? std::optional(std::move(checked_)) : std::nullopt;
  }

 private:
  void add(std::optional<CheckedParam> param) {
    if (param) {
      checked_.push_back(std::move(*param));
    } else {
      good_ = false;
    }
  }

  void read_given(const RecipeValue& value) {
    if (const ParamSpec* const spec = find_spec(component_.params, value.key)) {
      add(check_param(value, *spec, diagnostics_));
    } else {
      complain_unknown(value, component_, diagnostics_);
      good_ = false;
    }
  }

  // An empty path says "not given", so that a variant can take back what its base names.
  bool is_given(const ParamSpec& spec) const {
    const RecipeValue* const value = table_.find(spec.name);
    return value != nullptr && !(spec.type == ParamType::path && value->kind == NodeKind::string &&
                                 value->text.empty());
  }

  void read_absent(const ParamSpec& spec, const ParamValue& default_value) {
    if (spec.required) {
      const RecipeValue* const use = table_.find("use");
      complain(
          diagnostics_, use != nullptr ? *use : table_,
          fmt::format("{} needs '{}': {}{}", component_.id, spec.name, spec.doc, how_to(spec)));
      good_ = false;
    } else if (spec.type == ParamType::path && !default_value.text.empty() &&
               table_.find(spec.name) == nullptr) {
      // A default path is taken like one written in the recipe: relative to it, and existing.
      RecipeValue value;
      value.kind = NodeKind::string;
      value.text = default_value.text;
      value.document = table_.document;
      value.position = table_.position;
      add(check_param(value, spec, diagnostics_));
    }
  }

  // How to give it without touching the file.
  std::string how_to(const ParamSpec& spec) const {
    return path_.empty() ? std::string()
                         : fmt::format("; write it here, or --set {}.{}=...", path_, spec.name);
  }

  const RecipeValue& table_;
  const Component& component_;
  std::string_view path_;
  Diagnostics& diagnostics_;
  std::vector<CheckedParam> checked_;
  bool good_ = true;
};

}  // namespace

void read_params(const ParamTable& from, void* config, Diagnostics& diagnostics,
                 std::vector<std::filesystem::path>& files) {
  const auto checked = TableReader(from, diagnostics).read(config);
  if (!checked) {
    return;
  }
  for (const CheckedParam& param : *checked) {
    param.spec->store(config, param.view());
    if (param.spec->type == ParamType::path && !param.text.empty()) {
      files.emplace_back(param.text);
    }
  }
}

}  // namespace imbrex::recipe
