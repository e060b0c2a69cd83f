#include "result/build_id.hpp"

#include "base/files.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

#include <elf.h>
#include <fmt/format.h>
#include <link.h>

namespace imbrex::result {
namespace {

#if defined(__clang__)
constexpr const char* kCompiler = "Clang " __VERSION__;
#else
constexpr const char* kCompiler = "GCC " __VERSION__;
#endif

struct Wanted {
  std::uintptr_t function = 0;
  std::string build_id;
};

bool holds(const dl_phdr_info& object, std::uintptr_t address) {
  return std::any_of(
      object.dlpi_phdr, object.dlpi_phdr + object.dlpi_phnum, [&](const ElfW(Phdr) & part) {
        const std::uintptr_t start = object.dlpi_addr + part.p_vaddr;
        return part.p_type == PT_LOAD && address >= start && address - start < part.p_memsz;
      });
}

std::string hexadecimal(const unsigned char* bytes, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += fmt::format("{:02x}", bytes[i]);
  }
  return text;
}

// Notes lie behind each other: a header, a name and a content, both filled up to words.
std::string build_id_in(const unsigned char* notes, std::size_t size) {
  const auto filled = [](std::size_t bytes) { return (bytes + 3) / 4 * 4; };
  ElfW(Nhdr) note;
  for (std::size_t at = 0; at + sizeof note <= size;) {
    std::memcpy(&note, notes + at, sizeof note);
    const std::size_t content = at + sizeof note + filled(note.n_namesz);
    if (content + note.n_descsz > size) {
      return "";
    }
    if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 &&
        std::memcmp(notes + at + sizeof note, "GNU", 4) == 0) {
      return hexadecimal(notes + content, note.n_descsz);
    }
    at = content + filled(note.n_descsz);
  }
  return "";
}

int look_into(dl_phdr_info* object, std::size_t /*size*/, void* data) {
  auto& wanted = *static_cast<Wanted*>(data);
  if (!holds(*object, wanted.function)) {
    return 0;
  }
  for (int i = 0; i < object->dlpi_phnum && wanted.build_id.empty(); ++i) {
    const ElfW(Phdr)& part = object->dlpi_phdr[i];
    if (part.p_type == PT_NOTE) {
      wanted.build_id = build_id_in(
          reinterpret_cast<const unsigned char*>(object->dlpi_addr + part.p_vaddr), part.p_memsz);
    }
  }
  return 1;  // ends the walk
}

}  // namespace

std::string build_id_of(const void* function) {
  Wanted wanted{reinterpret_cast<std::uintptr_t>(function), ""};
  dl_iterate_phdr(look_into, &wanted);
  return wanted.build_id;
}

std::string compiler_text() {
  return kCompiler;
}

Build this_build(std::string commit) {
  return {IMBREX_VERSION, std::move(commit), compiler_text(),
          build_id_of(reinterpret_cast<const void*>(&sha256_hex_of_file)),
          build_id_of(reinterpret_cast<const void*>(&compiler_text))};
}

}  // namespace imbrex::result
