// Copies of the files that a plan names, for the folder that its result will lie in: such a folder
// runs wherever it is copied to. What counts as a file of a plan is a parameter of type Path;
// everything else that a component needs is in its parameters (sdk/docs/results.md).
#pragma once

#include "recipe/plan.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex::result {

// The folder of the copies inside a result folder.
inline constexpr std::string_view kInputsFolder = "inputs";
inline constexpr std::uintmax_t kLargestCarriedInput = std::uintmax_t{64} << 20;

// An input as lock.json knows it: without the place where it lay, so that equal runs say the same.
struct InputRecord {
  std::string path;  // below the result folder; of a file that was left where it is, its name
  std::string sha256;
  std::uint64_t bytes = 0;
  bool carried = true;
  bool operator==(const InputRecord&) const = default;
};

// Immutable, cheap to copy. [any thread]
class CarriedInputs {
 public:
  struct Copy {
    std::string name;  // below the result folder: "inputs/network.toml"
    std::string content;
  };

  CarriedInputs() = default;
  // Reads the files of at most `limit` bytes. Files keep their names, because readers may look at
  // them; of different files with one name each gets a folder of its own, named after its digest.
  // Files of equal name and content share a copy. Errors: InputError when a file cannot be read, or
  // is no longer what the plan was resolved with.
  CarriedInputs(const recipe::ResolvedPlan& plan, std::uintmax_t limit);

  // By name, each content once.
  const std::vector<Copy>& copies() const noexcept { return *copies_; }
  // By path; those that are too large included. `above` as for `names`.
  std::vector<InputRecord> records(const std::string& above = "") const;
  // Too large: where they lie, by path.
  const std::vector<std::filesystem::path>& left() const noexcept { return left_; }
  // What ResolvedPlan::to_toml takes. `above`: what leads from the plan's folder to the one with
  // the copies, "" or "../".
  std::map<std::string, std::string> names(const std::string& above = "") const;

 private:
  std::map<std::string, std::string> name_of_;  // absolute path -> name of its copy
  std::shared_ptr<const std::vector<Copy>> copies_ = std::make_shared<std::vector<Copy>>();
  std::vector<InputRecord> records_;
  std::vector<std::filesystem::path> left_;
};

}  // namespace imbrex::result
