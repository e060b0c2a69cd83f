// ro-crate-metadata.json: a result described for archives and artefact evaluations.
#pragma once

#include "result/archive.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex::result {

inline constexpr std::string_view kCrateFile = "ro-crate-metadata.json";

// RO-Crate 1.1 with the profile Process Run Crate 0.5: every run in `folder` is a CreateAction of
// Imbrex, from plan and inputs to what it wrote. `files` are those of the crate but the description
// itself. Equal folders give equal bytes: dates come from environment.json alone. Ends with a
// newline. Errors: InputError when `folder` is no result or holds no lock.json.
std::string crate_metadata(const std::filesystem::path& folder,
                           const std::vector<ArchivedFile>& files);

}  // namespace imbrex::result
