// Findings about the machine, the folders and the shell that the command works with; and whether a
// recipe runs.
#include "command_parts.hpp"
#include "diagnosis.hpp"
#include "run/machine_memory.hpp"
#include "run/runner.hpp"

#include <imbrex/plugin/error.hpp>

#include <cstdlib>
#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

namespace imbrex::app {
namespace {

namespace fs = std::filesystem;

constexpr double kGibibyte = 1 << 30;

std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// Where results go, or the nearest folder above that is there.
void diagnose_results(Findings& findings) {
  constexpr double kLittle = 0.1;  // GiB; results of one run with a timeline
  std::error_code error;
  const fs::path here = fs::current_path(error);
  const fs::path folder = fs::exists(here / "results", error) ? here / "results" : here;
  if (access(folder.c_str(), W_OK | X_OK) != 0) {
    findings.push_back({Health::warning, "results",
                        fmt::format("{} cannot be written to", folder.string()),
                        "change to a folder of yours, or name one with --out"});
    return;
  }
  const double free = static_cast<double>(fs::space(folder, error).available) / kGibibyte;
  const bool is_full = !error && free < kLittle;
  findings.push_back({is_full ? Health::warning : Health::ok, "results",
                      fmt::format("go to {}, {:.1f} GiB free", folder.string(), free),
                      is_full ? "make room: imbrex gc --older 30d --dry-run" : ""});
}

// Where the script for a shell may lie; empty: no shell that there is one for.
std::vector<fs::path> completion_files(const std::string& shell) {
  const fs::path home = environment("HOME");
  std::error_code error;
  const fs::path share =
      fs::read_symlink("/proc/self/exe", error).parent_path().parent_path() / "share";
  if (shell == "bash") {
    return {share / "bash-completion/completions/imbrex",
            "/usr/share/bash-completion/completions/imbrex", "/etc/bash_completion.d/imbrex",
            home / ".local/share/bash-completion/completions/imbrex"};
  }
  if (shell == "zsh") {
    return {share / "zsh/vendor-completions/_imbrex", share / "zsh/site-functions/_imbrex",
            "/usr/share/zsh/vendor-completions/_imbrex",
            "/usr/local/share/zsh/site-functions/_imbrex"};
  }
  return {};
}

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (fs::temp_directory_path() / "imbrex-doctor-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) {
      throw Error(ErrorCode::failed, fmt::format("no folder can be made in {}; set TMPDIR",
                                                 fs::temp_directory_path().string()));
    }
    path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  fs::path write(const char* name, std::string_view text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return path_ / name;
  }

 private:
  fs::path path_;
};

constexpr std::string_view kNetwork =
    "imbrex_workload = 1\n"
    "input.x = { shape = [8, 8] }\n"
    "[network]\n"
    "layers = [{ op = \"dense\", units = 8, name = \"a\" }, "
    "{ op = \"dense\", units = 8, name = \"b\" }]\n";

}  // namespace

void diagnose_machine(Findings& findings) {
  findings.push_back({Health::ok, "threads",
                      fmt::format("{}; --threads takes fewer", std::thread::hardware_concurrency()),
                      ""});
  const double memory = static_cast<double>(run::machine_memory()) / kGibibyte;
  const double allowed = static_cast<double>(run::default_max_memory()) / kGibibyte;
  const bool known = memory > 0;
  findings.push_back(
      {known ? Health::ok : Health::warning, "memory",
       known ? fmt::format("{:.1f} GiB, an analysis may take {:.1f} of them", memory, allowed)
             : "nobody says how much there is: no analysis is refused",
       known ? "" : "name a limit with --max-memory"});
  diagnose_results(findings);
}

void diagnose_completion(Findings& findings) {
  const std::string shell = fs::path(environment("SHELL")).filename().string();
  const std::vector<fs::path> files = completion_files(shell);
  if (files.empty()) {
    findings.push_back(
        {Health::ok, "completion", "there is some for bash and zsh, which is not your shell", ""});
    return;
  }
  for (const fs::path& file : files) {
    std::error_code error;
    if (fs::exists(file, error)) {
      findings.push_back({Health::ok, "completion", file.string(), ""});
      return;
    }
  }
  findings.push_back({Health::warning, "completion", fmt::format("not installed for {}", shell),
                      fmt::format("imbrex completion {} >'{}'", shell, files.back().string())});
}

void diagnose_run(const plugin::Registry& registry, Findings& findings) {
  for (const std::string_view id : kSmallRunComponents) {
    if (registry.find(id) == nullptr) {
      findings.push_back({Health::warning, "small run", fmt::format("not tried without {}", id),
                          "install the plugins of Imbrex"});
      return;
    }
  }
  try {
    const TemporaryFolder folder;
    folder.write("network.toml", kNetwork);
    const fs::path recipe = folder.write("recipe.toml", kSmallRun);
    const recipe::ResolvedPlan plan = recipe::resolve({recipe, {}}, registry);
    plugin::HostOptions quiet;
    quiet.quiet = true;
    plugin::HostServices services(quiet);
    const run::RunOutcome outcome = run::run_plan(plan, registry, services);
    findings.push_back({Health::ok, "small run",
                        fmt::format("{} layers scheduled", outcome.result.operators.size()), ""});
  } catch (const std::exception& error) {
    findings.push_back({Health::problem, "small run", error.what(),
                        "a plugin or the machine does not do what it should; see the message"});
  }
}

}  // namespace imbrex::app
