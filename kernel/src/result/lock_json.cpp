// lock.json, out and in.
#include "base/files.hpp"
#include "result/json_text.hpp"
#include "result/run_lock.hpp"

#include <imbrex/plugin/error.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace imbrex::result {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

Json build_json(const Build& build) {
  return {{"version", build.version},
          {"commit", build.commit},
          {"compiler", build.compiler},
          {"library_build_id", build.library_build_id},
          {"command_build_id", build.command_build_id}};
}

Json plugins_json(const std::vector<LockedPlugin>& plugins) {
  Json out = Json::array();
  for (const LockedPlugin& plugin : plugins) {
    out.push_back({{"id", plugin.id},
                   {"file", plugin.file},
                   {"version", plugin.version},
                   {"sha256", plugin.sha256}});
  }
  return out;
}

Json inputs_json(const std::vector<InputRecord>& inputs) {
  Json out = Json::array();
  for (const InputRecord& input : inputs) {
    out.push_back({{"path", input.path},
                   {"sha256", input.sha256},
                   {"bytes", input.bytes},
                   {"carried", input.carried}});
  }
  return out;
}

RunLock lock_from(const Json& json) {
  RunLock lock;
  const Json& build = json.at("imbrex");
  lock.build = {build.at("version"), build.at("commit"), build.at("compiler"),
                build.at("library_build_id"), build.at("command_build_id")};
  for (const Json& plugin : json.at("plugins")) {
    lock.plugins.push_back(
        {plugin.at("id"), plugin.at("file"), plugin.at("version"), plugin.at("sha256")});
  }
  for (const Json& input : json.at("inputs")) {
    lock.inputs.push_back(
        {input.at("path"), input.at("sha256"), input.at("bytes"), input.at("carried")});
  }
  lock.plan_sha256 = json.at("plan_sha256");
  lock.seeds = json.value("seeds", std::uint64_t{0});
  lock.timeline_jobs = json.at("timeline_jobs");
  lock.partial = json.value("partial", false);
  for (const auto& [name, digest] : json.at("files").items()) {
    lock.files[name] = digest;
  }
  return lock;
}

}  // namespace

std::string lock_json(const RunLock& lock) {
  Json out;
  out["schema"] = kLockSchema;
  out["plan_sha256"] = lock.plan_sha256;
  if (lock.seeds > 0) {
    out["seeds"] = lock.seeds;
  }
  if (lock.partial) {
    out["partial"] = true;
  }
  out["timeline_jobs"] = lock.timeline_jobs;
  out["imbrex"] = build_json(lock.build);
  out["plugins"] = plugins_json(lock.plugins);
  out["inputs"] = inputs_json(lock.inputs);
  out["files"] = Json(lock.files);
  return json_text(out);
}

std::optional<RunLock> read_lock(const fs::path& folder) {
  const fs::path file = folder / kLockFile;
  std::error_code ignored;
  if (!fs::exists(file, ignored)) {
    return std::nullopt;
  }
  try {
    const Json json = Json::parse(read_text_file(file));
    if (json.at("schema") != kLockSchema) {
      throw InputError(fmt::format("'{}' has schema {}, this version reads {}", file.string(),
                                   json.at("schema").dump(), kLockSchema));
    }
    return lock_from(json);
  } catch (const Json::exception& error) {
    throw InputError(fmt::format("'{}' is damaged: {}", file.string(), error.what()));
  }
}

}  // namespace imbrex::result
