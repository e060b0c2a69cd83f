# imbrex_add_plugin(NAME SOURCES a.cpp ... [LIBRARIES lib ...] [TOOLKIT target ...])
#
# Builds NAME.imbrex.so: hidden visibility, one exported symbol, every symbol resolved at link time,
# no floating-point contraction (results must not depend on the instruction set), and the digests of
# the headers it was built with. It names no folder of this machine: the command that opens it has the kernel, and
# who links another shared library sets INSTALL_RPATH. TOOLKIT: the parts of the toolkit that it links instead of all. In-tree and
# third-party plugins are built by this same function.
include("${CMAKE_CURRENT_LIST_DIR}/ImbrexHeaders.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/ImbrexRecipeTest.cmake")
set(IMBREX_PLUGIN_MAP "${CMAKE_CURRENT_LIST_DIR}/plugin.map")

function(imbrex_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES;TOOLKIT")
  if(NOT "TOOLKIT" IN_LIST ARGN)
    set(arg_TOOLKIT imbrex::toolkit)
  endif()
  add_library(${name} MODULE ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_TOOLKIT} imbrex::kernel ${arg_LIBRARIES})
  target_compile_features(${name} PRIVATE cxx_std_20)
  target_compile_options(${name} PRIVATE -ffp-contract=off)
  set_target_properties(${name} PROPERTIES
    PREFIX "" SUFFIX ".imbrex.so"
    CXX_EXTENSIONS OFF
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    BUILD_WITH_INSTALL_RPATH ON
    LINK_DEPENDS "${IMBREX_PLUGIN_MAP}")
  target_link_options(${name} PRIVATE "-Wl,--version-script=${IMBREX_PLUGIN_MAP}")
  # Clang links its sanitizer runtime into the executable only, so a sanitized module cannot resolve it.
  if(NOT (CMAKE_CXX_COMPILER_ID MATCHES "Clang" AND CMAKE_CXX_FLAGS MATCHES "-fsanitize"))
    target_link_options(${name} PRIVATE "-Wl,--no-undefined")
  endif()
  imbrex_add_header_digests(${name})
  # What was built so far, for checks that look at every plugin.
  set_property(GLOBAL APPEND PROPERTY IMBREX_PLUGIN_TARGETS ${name})
  if(IMBREX_PLUGIN_OUTPUT_DIRECTORY)
    set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY "${IMBREX_PLUGIN_OUTPUT_DIRECTORY}")
  endif()
endfunction()

# imbrex_add_conformance_test(NAME [RECIPE file] [ARGUMENTS ...])
#
# A test NAME.conforms: the plugin that imbrex_add_plugin(NAME ...) builds, under imbrex-conform. RECIPE: one that uses
# its components, for those that need parameters or surroundings that are not installed. Needs enable_testing().
function(imbrex_add_conformance_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "RECIPE" "ARGUMENTS")
  set(recipe)
  if(arg_RECIPE)
    get_filename_component(file "${arg_RECIPE}" ABSOLUTE)
    set(recipe --recipe "${file}")
  endif()
  add_test(NAME ${name}.conforms
    COMMAND "$<TARGET_FILE:imbrex::conform>" --quiet "$<TARGET_FILE:${name}>" ${recipe} ${arg_ARGUMENTS})
endfunction()
