// What the dynamic linker would see of a shared library, read from the file without running it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace imbrex::conform {

struct ExportedSymbol {
  std::string name;
  bool unique = false;  // merged with the symbol of that name of every other library
};

struct ElfFile {
  std::vector<ExportedSymbol> exported;  // defined and visible, in the order of the file
  std::vector<std::string> run_path;     // folders of DT_RUNPATH and DT_RPATH
};

// Requires: a library that the loader has taken. Errors: Broken when its tables lie outside of it.
ElfFile read_elf(const std::filesystem::path& file);

}  // namespace imbrex::conform
