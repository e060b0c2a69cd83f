// Files of experiments, among the shipped recipes: every point is resolved, and what is frozen for
// a cluster is read back as the same experiment.
#include "experiment/experiment_reader.hpp"
#include "experiment/frozen_plan.hpp"
#include "experiment/points.hpp"
#include "harness.hpp"

#include <optional>
#include <utility>

namespace {

using namespace imbrex;

// More take long and find nothing that these do not.
constexpr std::size_t kMostPoints = 64;

void require_same_frozen(const experiment::ExperimentPlan& plan,
                         const std::filesystem::path& folder) {
  const std::string text = experiment::frozen_text(plan, folder);
  fuzz::shipped_folder().write("here/frozen.json", text);
  if (experiment::frozen_text(experiment::read_frozen(folder, fuzz::registry()), folder) != text) {
    fuzz::defect("a frozen experiment that is read as another one", text);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::filesystem::path folder = fuzz::shipped_folder().path() / "here";
  const auto file =
      fuzz::shipped_folder().write("here/experiment.toml", fuzz::text_of(bytes, size));
  std::optional<experiment::Experiment> read;
  const std::string message = fuzz::answer_of([&] { read = experiment::read_experiment(file); });
  if (!read) {
    fuzz::require_position(message, "experiment.toml");
  } else if (experiment::combinations_of(experiment::wheels_of(*read)) <= kMostPoints) {
    // Complaints are about recipes, which may be called anything.
    fuzz::answer_of([&] {
      require_same_frozen(experiment::plan_experiment(std::move(*read), fuzz::registry()), folder);
    });
  }
  return 0;
}
