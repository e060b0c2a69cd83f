#include "experiment/chunks.hpp"

#include "result/program.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace imbrex::experiment {
namespace {

// Slurm's MaxArraySize is 1001 unless an administrator raised it.
constexpr std::size_t kMostChunks = 1000;

std::string shell_word(std::string_view word) {
  std::string out = "'";
  for (const char c : word) {
    out += c == '\'' ? "'\\''" : std::string(1, c);
  }
  return out + "'";
}

std::string script_head(const ClusterCommand& command, const SlurmJob& job, std::string_view suffix,
                        std::string_view log) {
  std::string text =
      fmt::format("#!/bin/sh\n#SBATCH --job-name={}{}\n#SBATCH --output=\"{}/slurm/{}\"\n",
                  job.name, suffix, command.folder.string(), log);
  for (const std::string& option : job.options) {
    text += "#SBATCH " + option + "\n";
  }
  return text;
}

// Runs sbatch and returns what it prints: the number of the job.
std::string sbatch(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"sbatch", "--parsable"});
  const result::ProgramOutput output = result::run_program(arguments);
  if (!output.started) {
    throw InputError("there is no sbatch here; --engine commands prints what other schedulers run");
  }
  if (output.status != 0) {
    throw Error(ErrorCode::failed, "sbatch refuses the experiment: " + output.text);
  }
  // Its last line is NUMBER or NUMBER;CLUSTER; warnings come before it.
  const std::string line = output.text.substr(output.text.rfind('\n') + 1);
  return line.substr(0, line.find(';'));
}

}  // namespace

Chunk read_chunk(std::string_view text) {
  Chunk chunk;
  const std::size_t slash = std::min(text.find('/'), text.size());
  const auto number = [&](std::string_view part, std::size_t& value) {
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    return error == std::errc() && end == part.data() + part.size();
  };
  if (slash == text.size() || !number(text.substr(0, slash), chunk.index) ||
      !number(text.substr(slash + 1), chunk.count) || chunk.index < 1 ||
      chunk.index > chunk.count) {
    throw InputError(
        fmt::format("--chunk '{}': expected a part and how many there are, e.g. 3/16", text));
  }
  return chunk;
}

std::size_t chunk_count(std::size_t runs, std::size_t runs_per_chunk) noexcept {
  const std::size_t each = std::max<std::size_t>(1, runs_per_chunk);
  return std::clamp<std::size_t>((runs + each - 1) / each, 1, kMostChunks);
}

std::vector<Chunk> chunks_to_run(const Backlog& backlog, std::size_t count) {
  std::vector<Chunk> chunks;
  for (std::size_t index = 1; index <= count; ++index) {
    const Chunk chunk{index, count};
    if (std::any_of(backlog.tasks().begin(), backlog.tasks().end(),
                    [&](const Task& task) { return chunk.has(task.plan); })) {
      chunks.push_back(chunk);
    }
  }
  return chunks;
}

std::string ClusterCommand::run_text(std::string_view chunk) const {
  std::string text = fmt::format("{} sweep {} --chunk {} --quiet", shell_word(program),
                                 shell_word(folder.string()), chunk);
  for (const std::string& argument : arguments) {
    text += " " + shell_word(argument);
  }
  return text;
}

std::string ClusterCommand::collect_text() const {
  std::string text =
      fmt::format("{} sweep {} --collect", shell_word(program), shell_word(folder.string()));
  for (const std::string& argument : arguments) {
    text += " " + shell_word(argument);
  }
  return text;
}

std::string slurm_array_script(const ClusterCommand& command, const SlurmJob& job,
                               const std::vector<Chunk>& chunks) {
  std::string text = script_head(command, job, "", "%A_%a.log");
  text += "#SBATCH --array=";
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    text += (i == 0 ? "" : ",") + std::to_string(chunks[i].index);
  }
  const std::size_t count = chunks.empty() ? 1 : chunks.front().count;
  return text + "\nexec " + command.run_text(fmt::format("\"$SLURM_ARRAY_TASK_ID/{}\"", count)) +
         "\n";
}

std::string slurm_collect_script(const ClusterCommand& command, const SlurmJob& job) {
  return script_head(command, job, "-collect", "collect_%j.log") + "exec " +
         command.collect_text() + "\n";
}

std::pair<std::string, std::string> submit_to_slurm(const std::filesystem::path& array_script,
                                                    const std::filesystem::path& collect_script) {
  const std::string array = sbatch({array_script.string()});
  const std::string collect = sbatch({"--dependency=afterany:" + array, collect_script.string()});
  return {array, collect};
}

}  // namespace imbrex::experiment
