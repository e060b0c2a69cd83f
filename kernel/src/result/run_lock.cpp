#include "result/run_lock.hpp"

#include "base/files.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace imbrex::result {
namespace {

namespace fs = std::filesystem;

// Long enough to tell two digests apart, short enough to read.
std::string short_digest(const std::string& digest) {
  return "sha256:" + digest.substr(0, 12) + "...";
}

std::string changed(std::string_view what, const std::string& then, const std::string& now) {
  return then == now ? std::string() : fmt::format("{} was {}, is {} now", what, then, now);
}

std::string changed_digest(std::string_view what, const std::string& then, const std::string& now) {
  return then == now
             ? std::string()
             : fmt::format("{} had {}, has {} now", what, short_digest(then), short_digest(now));
}

// The first of them that is not empty.
std::string first_of(std::initializer_list<std::string> texts) {
  const auto found = std::find_if(texts.begin(), texts.end(),
                                  [](const std::string& text) { return !text.empty(); });
  return found == texts.end() ? std::string() : *found;
}

std::string build_difference(const Build& then, const Build& now) {
  return first_of(
      {changed("Imbrex", then.version, now.version),
       changed("the commit of Imbrex", then.commit, now.commit),
       changed("the compiler of Imbrex", then.compiler, now.compiler),
       changed("the build of libimbrex", then.library_build_id, now.library_build_id),
       changed("the build of the command imbrex", then.command_build_id, now.command_build_id)});
}

std::string plugin_difference(const std::vector<LockedPlugin>& then,
                              const std::vector<LockedPlugin>& now) {
  const auto find = [](const std::vector<LockedPlugin>& all, const std::string& id) {
    return std::find_if(all.begin(), all.end(),
                        [&](const LockedPlugin& plugin) { return plugin.id == id; });
  };
  for (const LockedPlugin& plugin : then) {
    const auto found = find(now, plugin.id);
    if (found == now.end()) {
      return fmt::format("plugin {} took part and does not any more", plugin.id);
    }
    std::string difference =
        first_of({changed("the version of plugin " + plugin.id, plugin.version, found->version),
                  changed_digest(fmt::format("plugin {} ({})", plugin.id, found->file),
                                 plugin.sha256, found->sha256)});
    if (!difference.empty()) {
      return difference;
    }
  }
  for (const LockedPlugin& plugin : now) {
    if (find(then, plugin.id) == then.end()) {
      return fmt::format("plugin {} took no part before", plugin.id);
    }
  }
  return {};
}

// By the names of the files: whether a folder carries one changes its path and nothing else.
std::string input_difference(const std::vector<InputRecord>& then,
                             const std::vector<InputRecord>& now) {
  const auto named = [](const std::vector<InputRecord>& inputs) {
    std::vector<std::pair<std::string, std::string>> all;
    for (const InputRecord& input : inputs) {
      all.emplace_back(fs::path(input.path).filename().string(), input.sha256);
    }
    std::sort(all.begin(), all.end());
    return all;
  };
  const auto before = named(then);
  const auto after = named(now);
  for (const auto& input : before) {
    const auto& [name, digest] = input;
    if (std::find(after.begin(), after.end(), input) != after.end()) {
      continue;
    }
    const auto same_name = std::find_if(after.begin(), after.end(),
                                        [&](const auto& one) { return one.first == input.first; });
    return same_name == after.end()
               ? fmt::format("input '{}' is not read any more", name)
               : changed_digest(fmt::format("input '{}'", name), digest, same_name->second);
  }
  for (const auto& one : after) {
    if (std::find(before.begin(), before.end(), one) == before.end()) {
      return fmt::format("input '{}' was not read before", one.first);
    }
  }
  return {};
}

std::string seeds_text(std::uint64_t seeds) {
  return seeds == 0 ? "one run" : fmt::format("a study of {} seeds", seeds);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines(1);
  for (const char c : text) {
    if (c == '\n') {
      lines.emplace_back();
    } else {
      lines.back() += c;
    }
  }
  return lines;
}

// The first line in which two plans differ.
std::string plan_difference(const std::string& then, const std::string& now) {
  std::vector<std::string> before = lines_of(then);
  std::vector<std::string> after = lines_of(now);
  before.resize(std::max(before.size(), after.size()));
  after.resize(before.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] != after[i]) {
      return fmt::format("its plan.toml has '{}' in line {}, the plan of this run '{}'", before[i],
                         i + 1, after[i]);
    }
  }
  return "its plan is another one";
}

// What the run wrote is still there and as it was written.
std::string damage_of(const fs::path& folder, const RunLock& lock) {
  std::map<std::string, std::string> files = lock.files;
  for (const InputRecord& input : lock.inputs) {
    if (input.carried) {
      files[input.path] = input.sha256;
    }
  }
  for (const auto& [name, digest] : files) {
    std::error_code ignored;
    if (!fs::is_regular_file(folder / name, ignored)) {
      return fmt::format("its {} is missing", name);
    }
    if (sha256_hex_of_file(folder / name) != digest) {
      return fmt::format("its {} was changed", name);
    }
  }
  return {};
}

}  // namespace

RunLock lock_of(const recipe::ResolvedPlan& plan, const plugin::Registry& registry,
                const CarriedInputs& inputs, const Build& build) {
  RunLock lock;
  lock.build = build;
  for (const run::UsedPlugin& used : run::plugin_records(plan, registry)) {
    lock.plugins.push_back({used.record.id, used.entry->path.filename().string(),
                            used.record.version, used.record.sha256});
  }
  lock.inputs = inputs.records();
  lock.plan_sha256 = plan.sha256();
  return lock;
}

std::string maker_difference(const RunLock& then, const RunLock& now) {
  return first_of(
      {build_difference(then.build, now.build), plugin_difference(then.plugins, now.plugins)});
}

std::string first_difference(const RunLock& then, const RunLock& now) {
  return first_of({maker_difference(then, now), input_difference(then.inputs, now.inputs),
                   changed("the run", seeds_text(then.seeds), seeds_text(now.seeds)),
                   changed_digest("the plan", then.plan_sha256, now.plan_sha256)});
}

std::string why_not_finished(const fs::path& folder, const RunLock& now,
                             const std::string& plan_text) {
  std::error_code ignored;
  if (!fs::is_regular_file(folder / "plan.toml", ignored)) {
    return "it is no result folder";
  }
  const std::optional<RunLock> then = read_lock(folder);
  if (!then) {
    return fmt::format("it has no {}, which would say what made it", kLockFile);
  }
  if (then->seeds != now.seeds) {
    return fmt::format("it is {}, not {}", seeds_text(then->seeds), seeds_text(now.seeds));
  }
  if (then->plan_sha256 != now.plan_sha256) {
    return plan_difference(read_text_file(folder / "plan.toml"), plan_text);
  }
  if (then->partial) {
    return "its run was interrupted";
  }
  if (then->timeline_jobs != now.timeline_jobs) {
    return fmt::format("its timeline was written with --timeline-jobs {}", then->timeline_jobs);
  }
  std::string difference = first_difference(*then, now);
  return difference.empty() ? damage_of(folder, *then) : difference;
}

}  // namespace imbrex::result
