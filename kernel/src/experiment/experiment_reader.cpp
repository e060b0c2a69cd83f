#include "experiment/experiment_reader.hpp"

#include "experiment/experiment_keys.hpp"
#include "recipe/recipe_name.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>

#include <fmt/format.h>

namespace imbrex::experiment {
namespace {

namespace fs = std::filesystem;

class Reader {
 public:
  Reader(std::shared_ptr<const Document> document, const fs::path& path)
      : folder_(fs::absolute(path).parent_path()),
        fields_(*document, document->root(), "an experiment", kExperimentKeys, diagnostics_) {
    out_.document = std::move(document);
    out_.name = recipe::made_a_name(path.stem().string());
  }

  Experiment read() {
    read_head();
    for (const DocumentNode node : fields_.tables("axis")) {
      if (auto axis = read_axis(*out_.document, node, folder_, diagnostics_)) {
        add(std::move(*axis), node);
      }
    }
    diagnostics_.throw_if_any();  // what follows names axes
    read_zips();
    for (const DocumentNode node : fields_.tables("exclude")) {
      out_.exclude.push_back(read_selection(fields_, node, out_));
    }
    for (const DocumentNode node : fields_.tables("table")) {
      read_table(*out_.document, node, out_, diagnostics_);
    }
    for (const DocumentNode node : fields_.tables("contributions")) {
      read_contributions(*out_.document, node, out_, diagnostics_);
    }
    for (const DocumentNode node : fields_.tables("front")) {
      read_front(*out_.document, node, out_, diagnostics_);
    }
    if (const DocumentNode node = fields_.node("search")) {
      read_search(*out_.document, node, out_, diagnostics_);
    }
    diagnostics_.throw_if_any();
    return std::move(out_);
  }

 private:
  void read_head() {
    if (const auto format = fields_.integer("experiment"); format && *format != kExperimentFormat) {
      fields_.complain(fields_.node("experiment"),
                       fmt::format("experiment format {} is not known; this imbrex reads format {}",
                                   *format, kExperimentFormat));
    }
    if (fields_.has("name")) {
      out_.name = fields_.text("name");
      if (!recipe::is_run_name(out_.name)) {
        fields_.complain(fields_.node("name"),
                         "'name' becomes the name of a folder: up to 100 letters, digits, '.', "
                         "'_' or '-', not starting with '.'");
      }
    }
    out_.question = fields_.text("question");
    out_.edits = read_edits(fields_, folder_);
    out_.metrics = fields_.texts("metrics");
    out_.time_limit_s = fields_.number("time_limit_s");
    out_.seeds = fields_.integer("seeds").value_or(0);
    out_.stop_on_failure = fields_.word("on_failure", kOnFailure).value_or(0) == 1;
    const std::string recipe = fields_.text("recipe");
    if (recipe.empty()) {
      fields_.complain(fields_.table(), "an experiment names its recipe: recipe = \"base.toml\"");
    }
    out_.recipe = folder_ / recipe;
    if (out_.seeds < 0 || out_.seeds > kMostSeeds) {
      fields_.complain(fields_.node("seeds"),
                       fmt::format("'seeds' must be from 1 to {}", kMostSeeds));
    }
    if (out_.time_limit_s.value_or(1) <= 0) {
      fields_.complain(fields_.node("time_limit_s"), "'time_limit_s' must be above 0");
    }
  }

  void add(Axis axis, DocumentNode node) {
    const bool taken = std::any_of(out_.axes.begin(), out_.axes.end(),
                                   [&](const Axis& other) { return other.name == axis.name; });
    if (taken || (axis.name == "seed" && out_.seeds > 0)) {
      fields_.complain(node, fmt::format("there are two axes called '{}'", axis.name));
    }
    out_.axes.push_back(std::move(axis));
  }

  // [["a", "b"]], or ["a", "b"] for one.
  void read_zips() {
    const DocumentNode zip = fields_.node("zip");
    if (!zip) {
      return;
    }
    if (zip.kind() == NodeKind::array && zip.size() > 0 && zip[0].kind() == NodeKind::array) {
      for (std::size_t i = 0; i < zip.size(); ++i) {
        add_zip(zip[i]);
      }
    } else {
      add_zip(zip);
    }
  }

  void add_zip(DocumentNode list) {
    std::vector<std::size_t> members;
    for (std::size_t i = 0; i < list.size(); ++i) {
      const std::size_t axis = axis_named(list[i]);
      if (axis == out_.axes.size()) {
        return;
      }
      const std::size_t size = out_.axes[axis].levels.size();
      if (!members.empty() && size != out_.axes[members.front()].levels.size()) {
        fields_.complain(list[i],
                         fmt::format("axis '{}' has {} values and axis '{}' has {}; zipped axes "
                                     "must have equally many",
                                     out_.axes[axis].name, size, out_.axes[members.front()].name,
                                     out_.axes[members.front()].levels.size()));
      }
      members.push_back(axis);
    }
    std::sort(members.begin(), members.end());
    if (members.size() < 2) {
      fields_.complain(list, "'zip' expects the names of at least two axes");
      return;
    }
    out_.zips.push_back(std::move(members));
  }

  std::size_t axis_named(DocumentNode name) const {
    std::vector<std::string_view> names;
    for (const Axis& axis : out_.axes) {
      names.push_back(axis.name);
    }
    const auto text = name.string();
    const auto at = std::find(names.begin(), names.end(), text.value_or(""));
    const bool used = std::any_of(out_.zips.begin(), out_.zips.end(), [&](const auto& zip) {
      return std::find(zip.begin(), zip.end(), at - names.begin()) != zip.end();
    });
    if (at == names.end() || used) {
      fields_.complain(name, used ? fmt::format("axis '{}' is zipped twice", *text)
                                  : fmt::format("there is no axis '{}'{}", text.value_or(""),
                                                Fields::suggestion(text.value_or(""), names)));
      return names.size();
    }
    return static_cast<std::size_t>(at - names.begin());
  }

  Diagnostics diagnostics_;
  fs::path folder_;
  Experiment out_;
  Fields fields_;
};

}  // namespace

bool is_experiment_file(const fs::path& path) {
  try {
    return static_cast<bool>(Document::parse_file(path.string()).root().find("experiment"));
  } catch (const InputError&) {
    return false;
  }
}

Experiment read_experiment(const fs::path& path) {
  auto document = std::make_shared<const Document>(Document::parse_file(path.string()));
  return Reader(std::move(document), path).read();
}

}  // namespace imbrex::experiment
