// Which file a component came from, answered where no lock may be taken and no memory asked for.
#include "plugin/last_words.hpp"

#include <algorithm>
#include <atomic>

#include <link.h>
#include <unwind.h>

namespace imbrex::plugin {
namespace {

// Never taken apart: a handler may walk it at any time.
struct NamedLibrary {
  const PluginDescriptor* descriptor;
  std::string path;
  const NamedLibrary* next;
};
std::atomic<const NamedLibrary*> g_libraries{nullptr};

// The code of the program that lies in memory from `begin` to `end`.
struct Frames {
  std::array<std::uintptr_t, 64> at{};
  std::size_t count = 0;
};

_Unwind_Reason_Code note_frame(_Unwind_Context* context, void* data) {
  Frames& frames = *static_cast<Frames*>(data);
  if (frames.count == frames.at.size()) {
    return _URC_END_OF_STACK;
  }
  frames.at[frames.count++] = static_cast<std::uintptr_t>(_Unwind_GetIP(context));
  return _URC_NO_REASON;
}

struct Search {
  const Frames* frames;
  std::size_t nearest;  // frame that lies in a library of plugins
  const NamedLibrary* found;
};

// A descriptor lies in the library that returned it.
const NamedLibrary* library_in(std::uintptr_t begin, std::uintptr_t end) noexcept {
  for (const NamedLibrary* one = g_libraries.load(); one != nullptr; one = one->next) {
    const auto at = reinterpret_cast<std::uintptr_t>(one->descriptor);
    if (at >= begin && at < end) {
      return one;
    }
  }
  return nullptr;
}

int look_into(dl_phdr_info* info, std::size_t, void* data) {
  Search& search = *static_cast<Search*>(data);
  std::uintptr_t begin = UINTPTR_MAX;
  std::uintptr_t end = 0;
  for (std::size_t i = 0; i < info->dlpi_phnum; ++i) {
    const auto& part = info->dlpi_phdr[i];
    if (part.p_type == PT_LOAD) {
      begin = std::min<std::uintptr_t>(begin, info->dlpi_addr + part.p_vaddr);
      end = std::max<std::uintptr_t>(end, info->dlpi_addr + part.p_vaddr + part.p_memsz);
    }
  }
  const NamedLibrary* const library = begin < end ? library_in(begin, end) : nullptr;
  for (std::size_t i = 0; library != nullptr && i < std::min(search.nearest, search.frames->count);
       ++i) {
    if (search.frames->at[i] >= begin && search.frames->at[i] < end) {
      search.nearest = i;
      search.found = library;
    }
  }
  return 0;
}

}  // namespace

void remember_library(const PluginDescriptor& descriptor, const std::string& path) {
  for (const NamedLibrary* one = g_libraries.load(); one != nullptr; one = one->next) {
    if (one->descriptor == &descriptor) {
      return;
    }
  }
  auto* const library = new NamedLibrary{&descriptor, path, g_libraries.load()};
  while (!g_libraries.compare_exchange_weak(library->next, library)) {
  }
}

std::string_view component_of(std::string_view where) noexcept {
  const std::size_t open = where.rfind('(');
  const bool is_place = where.ends_with(')') && open != std::string_view::npos;
  return is_place ? where.substr(open + 1, where.size() - open - 2) : where;
}

std::string_view library_of(std::string_view where) noexcept {
  const std::string_view id = component_of(where);
  for (const NamedLibrary* one = g_libraries.load(); one != nullptr; one = one->next) {
    for (const Component& component : one->descriptor->components) {
      if (component.id == id) {
        return one->path;
      }
    }
  }
  return {};
}

std::string_view library_on_stack() noexcept {
  Frames frames;
  _Unwind_Backtrace(note_frame, &frames);
  Search search{&frames, frames.count, nullptr};
  dl_iterate_phdr(look_into, &search);
  return search.found != nullptr ? std::string_view(search.found->path) : std::string_view();
}

}  // namespace imbrex::plugin
