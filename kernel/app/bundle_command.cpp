// `imbrex bundle FOLDER`: a result folder as one file, to be mailed or archived.
#include "commands.hpp"
#include "result/archive.hpp"
#include "result/crate.hpp"
#include "run_parts.hpp"

#include <imbrex/plugin/document.hpp>

#include <fmt/format.h>

namespace imbrex::app {
namespace {

namespace fs = std::filesystem;

// The name of the folder, also when it is given as "." or with a slash behind it.
std::string name_of(const fs::path& folder) {
  return fs::canonical(folder).filename().string();
}

void require_plan(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::is_regular_file(folder / "plan.toml", ignored)) {
    throw InputError(
        fmt::format("'{}' is no result folder (it has no plan.toml)", folder.string()));
  }
}

// What the plan needs and the archive does not hold: whoever gets it has to be told.
void name_files_outside(const fs::path& folder) {
  const Document plan = Document::parse_file((folder / "plan.toml").string());
  const DocumentNode files = plan.root().find("files");
  for (std::size_t i = 0; i < files.size(); ++i) {
    const fs::path file = files[i].key();
    if (file.is_absolute() || *file.lexically_normal().begin() == "..") {
      print_note(
          fmt::format("the archive lacks '{}', {}, which the plan names; whoever unpacks it "
                      "needs that file there",
                      file.string(), files[i].string().value_or("")));
    }
  }
}

}  // namespace

int bundle_command(const BundleOptions& options) {
  const fs::path folder = options.folder;
  require_plan(folder);
  std::vector<result::ArchivedFile> files = result::files_below(folder);
  if (options.ro_crate) {
    std::erase_if(files, [](const auto& file) { return file.name == result::kCrateFile; });
    std::string metadata = result::crate_metadata(folder, files);
    files.push_back({std::string(result::kCrateFile), {}, std::move(metadata)});
  }
  const std::string name = name_of(folder);
  const fs::path target = options.out.empty() ? name + ".tar.gz" : options.out;
  result::write_archive(target, name, std::move(files), options.force);
  name_files_outside(folder);
  fmt::print("bundle in {}\n", target.string());
  return kExitDone;
}

}  // namespace imbrex::app
