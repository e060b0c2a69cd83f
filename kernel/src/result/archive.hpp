// A folder as one file: .tar.gz with the same bytes for the same content, whoever packs it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace imbrex::result {

// A file of an archive: the one at `source`, or, when that is empty, `content`.
struct ArchivedFile {
  std::string name;  // below the archive's only folder, with slashes
  std::filesystem::path source;
  std::string content;
};

// The files in a folder and in folders inside it, by name. Errors: InputError that names what is
// neither file nor folder, a link for example: an archive would lose it, or what it leads to.
std::vector<ArchivedFile> files_below(const std::filesystem::path& folder);

// Writes `target`, which unpacks to the folder `name`: sorted by name, without times and owners. It
// appears when it is whole. GNU tar packs it: a library that could would be loaded by every run.
// Errors: InputError when it exists and `replace` is false; Error when a file cannot be read, the
// disk refuses or there is no tar.
void write_archive(const std::filesystem::path& target, std::string_view name,
                   const std::vector<ArchivedFile>& files, bool replace);

}  // namespace imbrex::result
