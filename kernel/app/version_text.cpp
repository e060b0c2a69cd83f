// The only source that knows the commit, so that a new commit compiles one file.
#include "version_text.hpp"

namespace imbrex::app {
namespace {

#if defined(__clang__)
constexpr const char* kCompiler = "Clang " __VERSION__;
#else
constexpr const char* kCompiler = "GCC " __VERSION__;
#endif

}  // namespace

std::string version_text() {
  return std::string("imbrex " IMBREX_VERSION "\ncommit   " IMBREX_COMMIT "\ncompiler ") +
         kCompiler;
}

}  // namespace imbrex::app
