# cmake -DFOLDER=sdk/template -DHEADER=x.hpp -DNAMESPACE=a::b -DOUTPUT=x.cpp -P embed_templates.cmake
#
# Writes a source that defines NAMESPACE::kProjectTemplates, which HEADER declares: each file FOLDER/GROUP/PATH.in as
# its group, its path and its text.
cmake_policy(VERSION 3.25)   # @NAME@ in a literal is no variable
file(GLOB_RECURSE files RELATIVE "${FOLDER}" "${FOLDER}/*.in")
list(SORT files)
set(entries "")
foreach(file IN LISTS files)
  file(READ "${FOLDER}/${file}" text)
  string(LENGTH "${text}" length)
  # Compilers need not take literals of more than 65 536 characters.
  if(text MATCHES "[)]imbrex\"" OR length GREATER 65000)
    message(FATAL_ERROR "${FOLDER}/${file} may not contain )imbrex\", nor more than 65000 characters")
  endif()
  string(REGEX MATCH "^([^/]+)/(.+)[.]in$" matched "${file}")
  string(APPEND entries
    "    {\"${CMAKE_MATCH_1}\", \"${CMAKE_MATCH_2}\", R\"imbrex(${text})imbrex\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "// Made from ${FOLDER}.
#include \"${HEADER}\"

namespace ${NAMESPACE} {
namespace {

constexpr ProjectTemplate kFiles[] = {
${entries}};

}  // namespace

const std::span<const ProjectTemplate> kProjectTemplates = kFiles;

}  // namespace ${NAMESPACE}
")
