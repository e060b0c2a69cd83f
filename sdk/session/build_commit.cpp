// The only source of the library that knows the commit, so that a new commit compiles one file.
#include "build_commit.hpp"

namespace imbrex::session {

std::string build_commit() {
  return IMBREX_COMMIT;
}

}  // namespace imbrex::session
