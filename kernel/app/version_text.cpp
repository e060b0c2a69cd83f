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
  return "imbrex " IMBREX_VERSION "\ncommit   " + commit_text() + "\ncompiler " + compiler_text();
}

std::string commit_text() {
  return IMBREX_COMMIT;
}

std::string compiler_text() {
  return kCompiler;
}

}  // namespace imbrex::app
