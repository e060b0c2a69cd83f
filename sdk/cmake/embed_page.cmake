# cmake -DPAGE=x.html -DSTYLE=x.css -DSCRIPTS=a.js|b.js -DHEADER=page.hpp -DNAMESPACE=a::b -DOUTPUT=x.cpp -P embed_page.cmake
#
# Puts a style and scripts into a page, where it says @STYLE@ and @SCRIPT@, and writes a source that
# defines NAMESPACE::kPageTemplate, which HEADER declares. The text is cut because compilers need not take
# literals of more than 65 536 characters.
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

string(LENGTH "${page}" length)
set(literals "")
set(at 0)
while(at LESS length)
  string(SUBSTRING "${page}" ${at} 8000 part)
  string(APPEND literals "    R\"imbrex(${part})imbrex\"\n")
  math(EXPR at "${at} + 8000")
endwhile()
file(WRITE "${OUTPUT}" "// Made from ${PAGE}.
#include \"${HEADER}\"

namespace ${NAMESPACE} {

const std::string_view kPageTemplate =
${literals};

}  // namespace ${NAMESPACE}
")
