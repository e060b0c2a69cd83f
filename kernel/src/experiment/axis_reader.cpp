// [[axis]]: values of one key, or choices of several changes each.
#include "experiment/experiment_keys.hpp"
#include "experiment/experiment_reader.hpp"
#include "experiment/value_range.hpp"

#include <imbrex/plugin/error.hpp>

#include <array>
#include <set>

#include <fmt/format.h>

namespace imbrex::experiment {
namespace {

std::string label_of(DocumentNode value) {
  return value.kind() == NodeKind::string ? std::string(*value.string()) : value_text(value);
}

// Files keep their name without folders and endings in tables.
std::string short_label(std::string label) {
  constexpr std::array<std::string_view, 2> kEndings = {".toml", ".onnx"};
  for (const std::string_view ending : kEndings) {
    if (label.ends_with(ending)) {
      label = std::filesystem::path(label).stem().string();
    }
  }
  return label;
}

// What overrides can say: TOML's dates and times are no values of any parameter.
void require_value(const Fields& fields, DocumentNode value) {
  if (value.kind() == NodeKind::other) {
    fields.expected(value, "a string, a number, true or false, a list or a table");
  }
}

class AxisReader {
 public:
  AxisReader(const Document& document, DocumentNode table, const std::filesystem::path& folder,
             Diagnostics& diagnostics)
      : fields_(document, table, "[[axis]]", kAxisKeys, diagnostics), folder_(folder) {}

  std::optional<Axis> read() {
    axis_.name = fields_.text("name");
    const std::string key = fields_.text("key");
    if (fields_.has("choice") + fields_.has("recipes") + fields_.has("key") != 1) {
      fields_.complain(fields_.table(),
                       "[[axis]] needs one of: a key and its values, a list of recipes, or a list "
                       "of [[axis.choice]]");
      return std::nullopt;
    }
    if (fields_.has("values") && !fields_.has("key")) {
      fields_.complain(fields_.node("values"), "'values' are those of a key, which is missing");
    }
    if (fields_.has("choice")) {
      read_choices();
    } else if (fields_.has("recipes")) {
      read_recipes();
    } else {
      read_values(key);
    }
    if (axis_.name.empty()) {
      axis_.name = key.substr(key.rfind('.') + 1);
    }
    label();
    return check() ? std::optional(std::move(axis_)) : std::nullopt;
  }

 private:
  void read_values(const std::string& key) {
    const DocumentNode values = fields_.node("values");
    if (const auto range = values.string()) {
      return read_range(key, values, *range);
    }
    if (values.kind() != NodeKind::array) {
      fields_.complain(values ? values : fields_.table(),
                       "'values' expects a list, or a range such as \"0..64:16\"");
      return;
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      require_value(fields_, values[i]);
      axis_.levels.push_back(
          {short_label(label_of(values[i])), {edit_of(key, values[i])}, {}, values[i].position()});
    }
  }

  recipe::Edit edit_of(const std::string& key, DocumentNode value) const {
    return {recipe::Edit::Kind::set, override_text(key, value), folder_.string()};
  }

  void read_range(const std::string& key, DocumentNode at, std::string_view range) {
    try {
      for (const std::string& value : values_of(range)) {
        recipe::Edits edits;
        edits.emplace_back(recipe::Edit::Kind::set, key + "=" + value, folder_.string());
        axis_.levels.push_back({short_label(value), std::move(edits), {}, at.position()});
      }
    } catch (const InputError& error) {
      fields_.complain(at, error.what());
    }
  }

  void read_recipes() {
    const DocumentNode list = fields_.node("recipes");
    const std::vector<std::string> files = fields_.texts("recipes");
    for (std::size_t i = 0; i < files.size(); ++i) {
      axis_.levels.push_back(
          {short_label(files[i]),
           {},
           folder_ / files[i],
           list.kind() == NodeKind::array ? list[i].position() : list.position()});
    }
  }

  void read_choices() {
    for (const DocumentNode node : fields_.tables("choice")) {
      const Fields choice(fields_.document(), node, "[[axis.choice]]", kChoiceKeys,
                          fields_.diagnostics());
      Level level;
      level.label = choice.text("name");
      level.edits = read_edits(choice, folder_);
      level.position = node.position();
      if (const std::string recipe = choice.text("recipe"); !recipe.empty()) {
        level.recipe = folder_ / recipe;
      }
      if (level.label.empty()) {
        choice.complain(node, "[[axis.choice]] needs a name");
      }
      axis_.levels.push_back(std::move(level));
    }
  }

  void label() {
    const std::vector<std::string> labels = fields_.texts("labels");
    if (labels.empty()) {
      return;
    }
    if (labels.size() != axis_.levels.size()) {
      fields_.complain(fields_.node("labels"),
                       fmt::format("{} labels for {} values", labels.size(), axis_.levels.size()));
      return;
    }
    for (std::size_t i = 0; i < labels.size(); ++i) {
      axis_.levels[i].label = labels[i];
    }
  }

  bool check() const {
    if (axis_.name.empty()) {
      fields_.complain(fields_.table(), "[[axis]] needs a name");
    }
    if (axis_.levels.empty()) {
      if (fields_.diagnostics().empty()) {
        fields_.complain(fields_.table(), fmt::format("axis '{}' has no values", axis_.name));
      }
      return false;
    }
    std::set<std::string_view> labels;
    for (const Level& level : axis_.levels) {
      if (!labels.insert(level.label).second) {
        fields_.diagnostics().error(
            fields_.document(), level.position,
            fmt::format("axis '{}' has two values called '{}'; labels = [...] tells them apart",
                        axis_.name, level.label));
        return false;
      }
    }
    return !axis_.name.empty();
  }

  Fields fields_;
  std::filesystem::path folder_;
  Axis axis_;
};

// { a = { b = 1 }, "c.d" = 2 } -> a.b=1, c.d=2
void append_settings(const Fields& fields, const std::string& prefix, DocumentNode table,
                     const std::string& folder, recipe::Edits& edits) {
  for (std::size_t i = 0; i < table.size(); ++i) {
    const std::string key = prefix + std::string(table[i].key());
    if (table[i].kind() == NodeKind::table && !table[i].find("unset")) {
      append_settings(fields, key + ".", table[i], folder, edits);
    } else {
      require_value(fields, table[i]);
      edits.emplace_back(recipe::Edit::Kind::set, override_text(key, table[i]), folder);
    }
  }
}

}  // namespace

recipe::Edits read_edits(const Fields& fields, const std::filesystem::path& folder) {
  recipe::Edits edits;
  for (const std::string& name : fields.texts("profile")) {
    edits.push_back({recipe::Edit::Kind::profile, name});
  }
  for (const std::string& path : fields.texts("unset")) {
    edits.push_back({recipe::Edit::Kind::unset, path});
  }
  const DocumentNode set = fields.node("set");
  if (set && set.kind() != NodeKind::table) {
    fields.expected(set, "a table of keys and values");
  } else if (set) {
    append_settings(fields, "", set, folder.string(), edits);
  }
  return edits;
}

std::optional<Axis> read_axis(const Document& document, DocumentNode table,
                              const std::filesystem::path& folder, Diagnostics& diagnostics) {
  return AxisReader(document, table, folder, diagnostics).read();
}

}  // namespace imbrex::experiment
