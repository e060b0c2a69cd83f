# cmake -DPAGE=x.html -DSTYLE=x.css -DSCRIPTS=a.js|b.js -DHEADER=page.hpp -DNAMESPACE=a::b -DOUTPUT=x.cpp -P embed_page.cmake
#
# Puts a style and scripts into a page, where it says @STYLE@ and @SCRIPT@, and writes a source that
# defines NAMESPACE::kPageTemplate, which HEADER declares.
cmake_policy(VERSION 3.25)   # @NAME@ in a literal is no variable
file(READ "${PAGE}" page)
file(READ "${STYLE}" style)
string(REPLACE "|" ";" scripts "${SCRIPTS}")
set(script "")
foreach(file IN LISTS scripts)
  file(READ "${file}" part)
  string(APPEND script "${part}")
endforeach()
string(REPLACE "@STYLE@" "${style}" page "${page}")
string(REPLACE "@SCRIPT@" "${script}" page "${page}")
if(page MATCHES "[)]imbrex\"")
  message(FATAL_ERROR "the page may not contain )imbrex\"")
endif()

file(WRITE "${OUTPUT}" "// Made from ${PAGE}.
#include \"${HEADER}\"

// Compilers need not take literals of more than 65 536 characters; ours do.
#pragma GCC diagnostic ignored \"-Woverlength-strings\"

namespace ${NAMESPACE} {

const std::string_view kPageTemplate =
    R\"imbrex(${page})imbrex\";

}  // namespace ${NAMESPACE}
")
