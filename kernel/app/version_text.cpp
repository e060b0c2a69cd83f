// The only source that knows the commit, so that a new commit compiles one file.
#include "version_text.hpp"

#include "result/build_id.hpp"

namespace imbrex::app {

std::string version_text() {
  return "imbrex " IMBREX_VERSION "\ncommit   " + commit_text() + "\ncompiler " +
         result::compiler_text();
}

std::string commit_text() {
  return IMBREX_COMMIT;
}

}  // namespace imbrex::app
