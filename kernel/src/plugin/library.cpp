// The only source that includes Boost.DLL. No path is ever decorated, and of its error texts only
// the dlerror part is used: the rest is noise (plugin specification, section 1.2).
#include "plugin/library.hpp"

#include <cfenv>
#include <system_error>

#include <dlfcn.h>

#define BOOST_DLL_USE_STD_FS
#include "plugin/load_failure.hpp"

#include <boost/dll/shared_library.hpp>
#include <fmt/format.h>

namespace imbrex::plugin {
namespace {

// Boost.DLL knows no RTLD_NODELETE, but passes unknown bits on. A library is never unloaded:
// objects, exceptions and thread-local destructors of a plugin may outlive every handle to it.
constexpr auto kMode =
    static_cast<boost::dll::load_mode::type>(RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);

class FloatingPointGuard {
 public:
  FloatingPointGuard() noexcept { std::fegetenv(&environment_); }
  ~FloatingPointGuard() { std::fesetenv(&environment_); }
  FloatingPointGuard(const FloatingPointGuard&) = delete;
  FloatingPointGuard& operator=(const FloatingPointGuard&) = delete;

 private:
  std::fenv_t environment_{};
};

std::string last_dlerror() {
  const char* const text = dlerror();
  return text != nullptr ? text : "unknown reason";
}

[[noreturn]] void fail(LoadState state, const std::filesystem::path& shown, std::string_view why) {
  throw LoadFailure(state, fmt::format("{}: {}", shown.filename().string(), why));
}

boost::dll::shared_library loaded(const std::filesystem::path& file,
                                  const std::filesystem::path& shown) {
  boost::dll::shared_library library;
  std::error_code error;
  library.load(file, kMode, error);
  if (error) {
    fail(LoadState::failed_to_open, shown,
         "cannot load: " + explain_load_error(last_dlerror(), file.native()));
  }
  return library;
}

}  // namespace

const PluginDescriptor* open_library(const std::filesystem::path& file,
                                     const std::filesystem::path& shown) {
  const FloatingPointGuard guard;
  const boost::dll::shared_library library = loaded(file, shown);
  if (!library.has(kEntrySymbol)) {
    fail(LoadState::refused, shown,
         fmt::format("not an Imbrex plugin: it exports no {}; describe its components with "
                     "IMBREX_PLUGIN",
                     kEntrySymbol));
  }
  return library.get<const PluginDescriptor*()>(kEntrySymbol)();
}

AnyFunction open_function(const std::filesystem::path& file, const char* name) {
  const FloatingPointGuard guard;
  const boost::dll::shared_library library = loaded(file, file);
  if (!library.has(name)) {
    fail(LoadState::refused, file, fmt::format("it exports no {}: it is of another build", name));
  }
  return &library.get<void()>(name);
}

}  // namespace imbrex::plugin
