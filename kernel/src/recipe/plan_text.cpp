// A plan as a recipe: every default written out, in the order of declaration.
#include "base/files.hpp"
#include "recipe/plan.hpp"
#include "recipe/recipe_keys.hpp"
#include "recipe/toml_text.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <system_error>

#include <fmt/format.h>

namespace imbrex::recipe {
namespace {

namespace fs = std::filesystem;

template <class Values, class ToText>
std::string array_text(const Values& values, ToText to_text) {
  std::string result;
  for (const auto& value : values) {
    result += (result.empty() ? "" : ", ") + to_text(value);
  }
  return "[" + result + "]";
}

std::string table_text(std::span<const NamedInteger> entries) {
  std::string result;
  for (const NamedInteger& entry : entries) {
    result +=
        fmt::format("{} {} = {}", result.empty() ? "" : ",", toml_key(entry.name), entry.value);
  }
  return "{" + result + " }";
}

using PathText = std::function<std::string(const std::string& absolute_path)>;

class PlanWriter {
 public:
  PlanWriter(const ResolvedPlan& plan, PathText path_text)
      : plan_(plan), path_text_(std::move(path_text)) {}

  // What the experiment is; where its files and plugins lie is not part of it.
  void write_experiment() {
    text_ += fmt::format("imbrex = {}\nname = {}\nseed = {}\nobjective = {}\n", kRecipeFormat,
                         toml_string(plan_.name), plan_.seed, toml_string(plan_.objective));
    write_component("[workload]", plan_.workload);
    write_component("[architecture]", plan_.architecture);
    write_component("[cost]", plan_.cost);
    for (const PlannedComponent& stage : plan_.stages) {
      write_component("[[stage]]", stage);
    }
    if (plan_.baseline) {
      write_component("[baseline.architecture]", plan_.baseline->architecture);
      write_component("[baseline.cost]", plan_.baseline->cost);
      for (const PlannedComponent& stage : plan_.baseline->stages) {
        write_component("[[baseline.stages]]", stage);
      }
    }
    for (const PlannedComponent& report : plan_.reports) {
      write_component("[[report]]", report);
    }
  }

  void write_plugins() {
    if (!plan_.plugin_paths.empty()) {
      const auto to_text = [&](const fs::path& path) {
        return toml_string(path_text_(path.string()));
      };
      text_ += fmt::format("\n[plugins]\npaths = {}\n", array_text(plan_.plugin_paths, to_text));
    }
    if (!plan_.plugin_pins.empty()) {
      text_ += "\n[plugins.pin]\n";
      for (const auto& [id, digest] : plan_.plugin_pins) {
        text_ += fmt::format("{} = {}\n", toml_key(id), toml_string(digest));
      }
    }
  }

  void write_files() {
    // By the names they have here: equal files may share a copy, and the order is the same wherever
    // the plan is read again.
    std::map<std::string, std::string> digests;
    for (const auto& [path, digest] : plan_.file_sha256) {
      digests[path_text_(path)] = digest;
    }
    if (!digests.empty()) {
      text_ += "\n[files]\n";
      for (const auto& [name, digest] : digests) {
        text_ += fmt::format("{} = \"sha256:{}\"\n", toml_string(name), digest);
      }
    }
  }

  const std::string& text() const noexcept { return text_; }

 private:
  void write_component(std::string_view header, const PlannedComponent& component) {
    text_ += fmt::format("\n{}\nuse = {}\n", header, toml_string(component.id()));
    for (const ParamSpec& spec : component.config.component().params) {
      const ParamValue value = component.config.value(spec);
      if (spec.type == ParamType::real && !std::isfinite(value.real)) {
        continue;  // can only be the default, and a recipe cannot say it
      }
      text_ += fmt::format("{} = {}\n", toml_key(spec.name), value_text(spec, value));
    }
  }

  std::string value_text(const ParamSpec& spec, const ParamValue& value) const {
    const auto integer_text = [](std::int64_t number) { return fmt::format("{}", number); };
    switch (spec.type) {
      case ParamType::boolean:
        return value.boolean ? "true" : "false";
      case ParamType::integer:
        return integer_text(value.integer);
      case ParamType::real:
        return toml_real(value.real);
      case ParamType::text:
        return toml_string(value.text);
      case ParamType::choice:
        return toml_string(choice_text(spec, value));
      case ParamType::path:
        return value.text.empty() ? "\"\"" : toml_string(path_text_(std::string(value.text)));
      case ParamType::integer_array:
        return array_text(value.integers, integer_text);
      case ParamType::real_array:
        return array_text(value.reals, toml_real);
      case ParamType::text_array:
        return array_text(value.texts, toml_string);
      case ParamType::integer_table:
        return table_text(value.table);
    }
    return {};
  }

  static std::string_view choice_text(const ParamSpec& spec, const ParamValue& value) {
    const auto index = static_cast<std::size_t>(value.integer);
    IMBREX_ASSERT(index < spec.choices.size());
    return spec.choices[index];
  }

  const ResolvedPlan& plan_;
  PathText path_text_;
  std::string text_;
};

// Where a folder lies once it is there: what is at its place now is going to be replaced, also by
// other processes and at this moment, so nothing is asked of it.
fs::path future_place(const fs::path& folder) {
  fs::path place = fs::absolute(folder).lexically_normal();
  if (!place.has_filename()) {
    place = place.parent_path();
  }
  std::error_code error;
  const fs::path parent = fs::weakly_canonical(place.parent_path(), error);
  return error ? place : parent / place.filename();
}

}  // namespace

std::string ResolvedPlan::to_toml(const fs::path& folder,
                                  const std::map<std::string, std::string>& carried) const {
  const fs::path base = future_place(folder);
  PlanWriter writer(*this, [&](const std::string& path) {
    const auto copy = carried.find(path);
    return copy != carried.end() ? copy->second
                                 : fs::path(path).lexically_relative(base).generic_string();
  });
  writer.write_experiment();
  writer.write_plugins();
  writer.write_files();
  return writer.text();
}

std::string ResolvedPlan::sha256() const {
  PlanWriter writer(*this, [&](const std::string& path) {
    const auto digest = file_sha256.find(path);
    return "sha256:" + (digest == file_sha256.end() ? path : digest->second);
  });
  writer.write_experiment();
  return sha256_hex(writer.text());
}

}  // namespace imbrex::recipe
