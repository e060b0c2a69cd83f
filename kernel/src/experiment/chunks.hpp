// The runs of an experiment in parts, for whoever deals them to machines: arrays of Slurm, GNU
// parallel, a loop in a shell. A part is a command that says which it is; the experiment's folder,
// which all machines see, is all that they share.
#pragma once

#include "experiment/sweep.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex::experiment {

// Part `index` of `count`, from 1. Runs are dealt in turn, so that neighbours, which take about as
// long as each other, are in different parts.
struct Chunk {
  std::size_t index = 1;
  std::size_t count = 1;

  bool has(std::size_t plan) const noexcept { return plan % count == index - 1; }
};

// "3/16". Errors: InputError.
Chunk read_chunk(std::string_view text);

// As many parts as runs / `runs_per_chunk`, but no more than an array of Slurm may have.
std::size_t chunk_count(std::size_t runs, std::size_t runs_per_chunk) noexcept;
// Those in which there is something left to run.
std::vector<Chunk> chunks_to_run(const Backlog& backlog, std::size_t count);

// How this command is called again for a part of the experiment or to collect it.
struct ClusterCommand {
  std::string program;                 // an absolute path
  std::filesystem::path folder;        // absolute
  std::vector<std::string> arguments;  // e.g. --plugin FILE, --time-limit 60

  // With every word quoted for a shell, but for `chunk`, which may hold a variable of it.
  std::string run_text(std::string_view chunk) const;
  std::string collect_text() const;
};

struct SlurmJob {
  std::string name;
  std::vector<std::string> options;  // of sbatch: "--mem=2G", for runs and collection alike
};
// Scripts for sbatch: an array whose indices are the parts, and what follows it.
std::string slurm_array_script(const ClusterCommand& command, const SlurmJob& job,
                               const std::vector<Chunk>& chunks);
std::string slurm_collect_script(const ClusterCommand& command, const SlurmJob& job);

// Calls sbatch for both, the second after the end of the first, however that ends. Returns their
// numbers. Errors: InputError (there is no sbatch), Error (it refuses, with what it says).
std::pair<std::string, std::string> submit_to_slurm(const std::filesystem::path& array_script,
                                                    const std::filesystem::path& collect_script);

}  // namespace imbrex::experiment
