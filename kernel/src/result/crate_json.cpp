#include "base/files.hpp"
#include "result/crate.hpp"
#include "result/environment.hpp"
#include "result/json_text.hpp"
#include "result/result_list.hpp"
#include "result/run_lock.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace imbrex::result {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kSoftware = "#imbrex";
constexpr const char* kProfile = "https://w3id.org/ro/wfrun/process/0.5";
constexpr const char* kLicence = "#licence";

Json reference(std::string_view id) {
  return {{"@id", id}};
}

// A path as a relative URI.
std::string uri_of(std::string_view path) {
  std::string uri;
  for (const char c : path) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') ||
                          std::string_view("-._~/").find(c) != std::string_view::npos;
    uri += is_plain ? std::string(1, c)
                    : fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
  }
  return uri;
}

std::string encoding_format(const fs::path& file) {
  constexpr std::pair<std::string_view, std::string_view> kFormats[] = {
      {".csv", "text/csv"},     {".html", "text/html"},    {".json", "application/json"},
      {".md", "text/markdown"}, {".svg", "image/svg+xml"}, {".toml", "application/toml"},
      {".txt", "text/plain"}};
  for (const auto& [extension, format] : kFormats) {
    if (file.extension() == extension) {
      return std::string(format);
    }
  }
  return "application/octet-stream";
}

Json file_entity(const ArchivedFile& file) {
  const bool is_here = file.source.empty();
  const std::uintmax_t bytes = is_here ? file.content.size() : fs::file_size(file.source);
  return {{"@id", uri_of(file.name)},
          {"@type", "File"},
          {"name", file.name},
          {"encodingFormat", encoding_format(file.name)},
          {"contentSize", fmt::format("{}", bytes)},
          {"sha256", is_here ? sha256_hex(file.content) : sha256_hex_of_file(file.source)}};
}

RunLock lock_in(const fs::path& folder) {
  std::optional<RunLock> lock = read_lock(folder);
  if (!lock) {
    throw InputError(fmt::format("'{}' has no {}, which says what made it; run it again",
                                 folder.string(), kLockFile));
  }
  return *std::move(lock);
}

class Crate {
 public:
  Crate(const fs::path& folder, const std::vector<ArchivedFile>& files)
      : folder_(folder), files_(files), lock_(lock_in(folder)), root_(list_result(folder)) {}

  std::string text() {
    add_heads();
    for (const ArchivedFile& file : files_) {
      graph_.push_back(file_entity(file));
    }
    add_software();
    for (const std::string& run : runs()) {
      add_action(run);
    }
    Json out;
    out["@context"] = {"https://w3id.org/ro/crate/1.1/context",
                       "https://w3id.org/ro/terms/workflow-run/context"};
    out["@graph"] = graph_;
    return json_text(out);
  }

 private:
  // What stands before the file names of each run: "" or "seed-5/".
  std::vector<std::string> runs() const {
    constexpr std::string_view kResult = "result.json";
    std::vector<std::string> runs;
    for (const ArchivedFile& file : files_) {
      const fs::path path = file.name;
      if (path.filename() == kResult) {
        runs.push_back(file.name.substr(0, file.name.size() - kResult.size()));
      }
    }
    return runs;
  }
  static std::string action_id(const std::string& run) {
    return "#run" + (run.empty() ? "" : "-" + uri_of(run.substr(0, run.size() - 1)));
  }

  void add_heads() {
    graph_.push_back({{"@id", kCrateFile},
                      {"@type", "CreativeWork"},
                      {"conformsTo", reference("https://w3id.org/ro/crate/1.1")},
                      {"about", reference("./")}});
    Json root = {{"@id", "./"},
                 {"@type", "Dataset"},
                 {"name", root_.name},
                 {"description", fmt::format("Result of Imbrex for '{}', plan {}", root_.name,
                                             lock_.plan_sha256)}};
    if (!root_.date_utc.empty()) {
      root["datePublished"] = root_.date_utc;
    }
    root["license"] = reference(kLicence);
    root["conformsTo"] = reference(kProfile);
    root["hasPart"] = Json::array();
    for (const ArchivedFile& file : files_) {
      root["hasPart"].push_back(reference(uri_of(file.name)));
    }
    root["mentions"] = Json::array();
    for (const std::string& run : runs()) {
      root["mentions"].push_back(reference(action_id(run)));
    }
    graph_.push_back(std::move(root));
    graph_.push_back({{"@id", kLicence},
                      {"@type", "CreativeWork"},
                      {"name", "Not stated"},
                      {"description", "Whoever publishes this crate states its licence here."}});
    graph_.push_back({{"@id", kProfile},
                      {"@type", "CreativeWork"},
                      {"name", "Process Run Crate"},
                      {"version", "0.5"}});
  }

  void add_software() {
    Json software = {{"@id", kSoftware},
                     {"@type", "SoftwareApplication"},
                     {"name", "Imbrex"},
                     {"softwareVersion", lock_.build.version},
                     {"description", fmt::format("Commit {}, built by {}", lock_.build.commit,
                                                 lock_.build.compiler)},
                     {"identifier", "build-id:" + lock_.build.command_build_id},
                     {"softwareRequirements", Json::array()}};
    std::vector<Json> plugins;
    for (const LockedPlugin& plugin : lock_.plugins) {
      const std::string id = "#plugin-" + uri_of(plugin.id);
      software["softwareRequirements"].push_back(reference(id));
      plugins.push_back({{"@id", id},
                         {"@type", "SoftwareApplication"},
                         {"name", plugin.id},
                         {"softwareVersion", plugin.version},
                         {"sha256", plugin.sha256}});
    }
    graph_.push_back(std::move(software));
    graph_.insert(graph_.end(), plugins.begin(), plugins.end());
  }

  void add_action(const std::string& run) {
    const ListedResult result = list_result(folder_ / run);
    const RunLock lock = lock_in(folder_ / run);
    Json action = {{"@id", action_id(run)},
                   {"@type", "CreateAction"},
                   {"name", fmt::format("imbrex run of {}", result.name)},
                   {"instrument", reference(kSoftware)},
                   {"object", objects_of(run, lock)},
                   {"result", results_of(run)},
                   {"actionStatus", result.partial ? "http://schema.org/FailedActionStatus"
                                                   : "http://schema.org/CompletedActionStatus"}};
    if (result.partial) {
      action["error"] = "interrupted; what follows is what the stages had reached";
    }
    if (!result.date_utc.empty()) {
      action["endTime"] = result.date_utc;
    }
    graph_.push_back(std::move(action));
  }

  Json objects_of(const std::string& run, const RunLock& lock) {
    Json objects = Json::array({reference(uri_of(run + "plan.toml"))});
    for (const InputRecord& input : lock.inputs) {
      const std::string name = (fs::path(run) / input.path).lexically_normal().generic_string();
      objects.push_back(reference(input.carried ? uri_of(name) : outside_input(input)));
    }
    return objects;
  }

  // Known by its digest alone.
  std::string outside_input(const InputRecord& input) {
    std::string id = "#input-" + input.sha256;
    const auto is_it = [&](const Json& entity) { return entity["@id"] == id; };
    if (std::none_of(graph_.begin(), graph_.end(), is_it)) {
      graph_.push_back({{"@id", id},
                        {"@type", "CreativeWork"},
                        {"name", input.path},
                        {"description", "Too large to be part of this crate"},
                        {"encodingFormat", encoding_format(input.path)},
                        {"contentSize", fmt::format("{}", input.bytes)},
                        {"sha256", input.sha256}});
    }
    return id;
  }

  Json results_of(const std::string& run) const {
    Json results = Json::array();
    for (const ArchivedFile& file : files_) {
      const bool is_of_run = file.name.starts_with(run) && file.name != run + "plan.toml" &&
                             !file.name.starts_with(run + std::string(kInputsFolder) + "/");
      if (is_of_run) {
        results.push_back(reference(uri_of(file.name)));
      }
    }
    return results;
  }

  const fs::path& folder_;
  const std::vector<ArchivedFile>& files_;
  RunLock lock_;
  ListedResult root_;
  std::vector<Json> graph_;
};

}  // namespace

std::string crate_metadata(const fs::path& folder, const std::vector<ArchivedFile>& files) {
  if (!is_result_folder(folder)) {
    throw InputError(fmt::format("'{}' is no result folder", folder.string()));
  }
  return Crate(folder, files).text();
}

}  // namespace imbrex::result
