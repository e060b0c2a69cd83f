#include "elf_file.hpp"

#include "check.hpp"

#include <cstring>
#include <fstream>
#include <iterator>

#include <elf.h>
#include <link.h>

namespace imbrex::conform {
namespace {

using Header = ElfW(Ehdr);
using Section = ElfW(Shdr);
using Symbol = ElfW(Sym);
using Dynamic = ElfW(Dyn);

// Both words have the same layout for 32 and 64 bits.
constexpr unsigned binding_of(const Symbol& symbol) noexcept {
  return symbol.st_info >> 4u;
}

class Reader {
 public:
  explicit Reader(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    bytes_.assign(std::istreambuf_iterator<char>(in), {});
  }

  ElfFile read() {
    const auto header = at<Header>(0);
    for (std::size_t i = 0; i < header.e_shnum; ++i) {
      sections_.push_back(at<Section>(header.e_shoff + i * header.e_shentsize));
    }
    for (const Section& section : sections_) {
      if (section.sh_type == SHT_DYNSYM) {
        read_symbols(section);
      } else if (section.sh_type == SHT_DYNAMIC) {
        read_dynamic(section);
      }
    }
    return std::move(elf_);
  }

 private:
  template <class Type>
  Type at(std::size_t offset) const {
    require(offset <= bytes_.size() && sizeof(Type) <= bytes_.size() - offset,
            [] { return std::string("its tables lie outside of the file"); });
    Type value;
    std::memcpy(&value, bytes_.data() + offset, sizeof(Type));
    return value;
  }
  std::string text(const Section& section, std::size_t offset) const {
    require(section.sh_link < sections_.size(),
            [] { return std::string("a table of its names is missing"); });
    const std::size_t begin = sections_[section.sh_link].sh_offset + offset;
    require(begin < bytes_.size(), [] { return std::string("a name lies outside of the file"); });
    const std::size_t end = bytes_.find('\0', begin);
    return bytes_.substr(begin, end - begin);
  }

  void read_symbols(const Section& section) {
    for (std::size_t i = 0; i < section.sh_size / sizeof(Symbol); ++i) {
      const auto symbol = at<Symbol>(section.sh_offset + i * sizeof(Symbol));
      const bool defined = symbol.st_shndx != SHN_UNDEF && symbol.st_shndx != SHN_ABS;
      if (defined && binding_of(symbol) != STB_LOCAL) {
        elf_.exported.push_back(
            {text(section, symbol.st_name), binding_of(symbol) == STB_GNU_UNIQUE});
      }
    }
  }

  void read_dynamic(const Section& section) {
    for (std::size_t i = 0; i < section.sh_size / sizeof(Dynamic); ++i) {
      const auto entry = at<Dynamic>(section.sh_offset + i * sizeof(Dynamic));
      if (entry.d_tag == DT_RUNPATH || entry.d_tag == DT_RPATH) {
        add_folders(text(section, entry.d_un.d_val));
      }
    }
  }
  void add_folders(const std::string& path) {
    std::size_t begin = 0;
    while (begin <= path.size()) {
      const std::size_t end = std::min(path.find(':', begin), path.size());
      elf_.run_path.push_back(path.substr(begin, end - begin));
      begin = end + 1;
    }
  }

  std::string bytes_;
  std::vector<Section> sections_;
  ElfFile elf_;
};

}  // namespace

ElfFile read_elf(const std::filesystem::path& file) {
  return Reader(file).read();
}

}  // namespace imbrex::conform
