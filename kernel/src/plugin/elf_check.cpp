#include "plugin/elf_check.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include <elf.h>
#include <fmt/format.h>
#include <link.h>
#include <sys/stat.h>
#include <unistd.h>

namespace imbrex::plugin {
namespace {

using Header = ElfW(Ehdr);
using Segment = ElfW(Phdr);

#if defined(__x86_64__)
constexpr unsigned kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr unsigned kMachine = EM_AARCH64;
#else
#error "name this machine's ELF number here"
#endif
constexpr unsigned char kClass = sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32;

bool read_at(int file_descriptor, void* target, std::size_t bytes, std::uint64_t offset) {
  const auto count = pread(file_descriptor, target, bytes, static_cast<off_t>(offset));
  return count >= 0 && static_cast<std::size_t>(count) == bytes;
}

std::string truncated(std::uint64_t size, std::uint64_t needed) {
  return fmt::format("is truncated: it has {} bytes of at least {}; copy or build it again", size,
                     needed);
}

std::string header_problem(const Header& header) {
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) {
    return "is not a shared library";
  }
  if (header.e_ident[EI_CLASS] != kClass || header.e_machine != kMachine) {
    return fmt::format("is built for another machine (ELF machine {}, this one is {}); rebuild it",
                       header.e_machine, kMachine);
  }
  if (header.e_type != ET_DYN || header.e_phentsize != sizeof(Segment)) {
    return "is not a shared library";
  }
  return {};
}

// offset + length without overflow: hostile headers hold any number.
std::uint64_t end_of(std::uint64_t offset, std::uint64_t length) {
  return length > UINT64_MAX - offset ? UINT64_MAX : offset + length;
}

std::uint64_t bytes_needed(const Header& header, const std::vector<Segment>& segments) {
  std::uint64_t needed = end_of(header.e_shoff, std::uint64_t{header.e_shnum} * header.e_shentsize);
  for (const Segment& segment : segments) {
    needed = std::max(needed, end_of(segment.p_offset, segment.p_filesz));
  }
  return needed;
}

}  // namespace

std::string elf_problem(int file_descriptor) {
  struct stat status {};
  if (fstat(file_descriptor, &status) != 0) {
    return "cannot be read";
  }
  const auto size = static_cast<std::uint64_t>(status.st_size);
  Header header{};
  if (!read_at(file_descriptor, &header, sizeof(header), 0)) {
    return size == 0 ? "is empty; copy or build it again" : "is not a shared library";
  }
  if (std::string problem = header_problem(header); !problem.empty()) {
    return problem;
  }
  std::vector<Segment> segments(header.e_phnum);
  const std::size_t table_bytes = segments.size() * sizeof(Segment);
  if (!read_at(file_descriptor, segments.data(), table_bytes, header.e_phoff)) {
    return truncated(size, end_of(header.e_phoff, table_bytes));
  }
  const std::uint64_t needed = bytes_needed(header, segments);
  return size < needed ? truncated(size, needed) : std::string();
}

}  // namespace imbrex::plugin
