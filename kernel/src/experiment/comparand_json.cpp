#include "base/files.hpp"
#include "experiment/comparand.hpp"
#include "experiment/experiment_reader.hpp"

#include <imbrex/plugin/document.hpp>
#include <imbrex/plugin/error.hpp>

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace imbrex::experiment {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

void append_numbers(const Json& object, const std::string& prefix, Comparand& out) {
  for (const auto& [name, value] : object.items()) {
    if (value.is_number()) {
      out.quantities.emplace_back(prefix + name, value.get<double>());
    }
  }
}

void append_settings(const std::string& prefix, DocumentNode node,
                     std::vector<std::pair<std::string, std::string>>& settings) {
  const bool list_of_tables =
      node.kind() == NodeKind::array && node.size() > 0 && node[0].kind() == NodeKind::table;
  if (node.kind() != NodeKind::table && !list_of_tables) {
    settings.emplace_back(prefix, value_text(node));
    return;
  }
  for (std::size_t i = 0; i < node.size(); ++i) {
    const std::string key = list_of_tables ? std::to_string(i + 1) : std::string(node[i].key());
    // Neither where plugins were looked for nor what files are called decides what is computed.
    if (!prefix.empty() || (key != "plugins" && key != "files")) {
      append_settings(prefix.empty() ? key : prefix + "." + key, node[i], settings);
    }
  }
}

Comparand read_folder(const fs::path& folder) {
  const Json json = Json::parse(read_text_file(folder / "result.json"));
  Comparand out;
  append_numbers(json.at("metrics"), "", out);
  if (json.contains("baseline")) {
    append_numbers(json.at("baseline").at("metrics"), "baseline.", out);
  }
  for (const char* const key : {"speedup", "improvement"}) {
    if (json.contains(key)) {
      out.quantities.emplace_back(key, json.at(key).get<double>());
    }
  }
  for (const Json& op : json.at("operators")) {
    out.operators.push_back(
        {op.at("name").get<std::string>(), op.value("end_ps", 0.0) - op.value("start_ps", 0.0)});
  }
  out.settings = settings_of(read_text_file(folder / "plan.toml"), "plan.toml");
  return out;
}

Comparand read_point(const fs::path& file) {
  const auto record = read_record(read_text_file(file));
  if (!record) {
    throw InputError(fmt::format("'{}' is no point of an experiment", file.string()));
  }
  if (record->state != PointState::done) {
    throw InputError(fmt::format("point '{}' has no numbers: {}: {}", file.string(),
                                 to_string(record->state), record->message));
  }
  Comparand out;
  for (const auto& [name, quantity] : record->quantities) {
    if (const auto* const integer = std::get_if<std::int64_t>(&quantity)) {
      out.quantities.emplace_back(name, static_cast<double>(*integer));
    } else if (const auto* const real = std::get_if<double>(&quantity)) {
      out.quantities.emplace_back(name, *real);
    }
  }
  out.settings = settings_of(record->plan, file.string());
  return out;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> settings_of(std::string_view plan,
                                                             std::string_view name) {
  const Document document = Document::parse_text(plan, name);
  std::vector<std::pair<std::string, std::string>> settings;
  append_settings("", document.root(), settings);
  return settings;
}

void shorten_labels(std::vector<Comparand>& sides) {
  constexpr std::size_t kDigestLength = 64;
  constexpr std::size_t kShown = 8;
  std::vector<std::string> shorter;
  for (const Comparand& side : sides) {
    const fs::path path = fs::path(side.label).lexically_normal();
    std::string name = (path.has_filename() ? path : path.parent_path()).filename().string();
    if (path.extension() == ".json" && path.stem().string().size() == kDigestLength) {
      name.resize(kShown);
    }
    if (std::find(shorter.begin(), shorter.end(), name) != shorter.end()) {
      return;
    }
    shorter.push_back(std::move(name));
  }
  for (std::size_t i = 0; i < sides.size(); ++i) {
    sides[i].label = std::move(shorter[i]);
  }
}

Comparand read_comparand(const fs::path& path) {
  std::error_code ignored;
  try {
    Comparand out = fs::is_directory(path, ignored) ? read_folder(path) : read_point(path);
    out.label = path.string();
    return out;
  } catch (const nlohmann::json::exception& error) {
    throw InputError(fmt::format("'{}' is no result of imbrex: {}", path.string(), error.what()));
  }
}

}  // namespace imbrex::experiment
