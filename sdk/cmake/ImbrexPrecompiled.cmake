# Half of a typical file's compile time is parsing the same headers. One group of targets shares one
# precompiled header: kernel, command and plugins one, the tests another with GoogleTest in it.
#
# Every file still includes what it uses: the presets dev and clang build without, which proves it.
option(IMBREX_PRECOMPILED_HEADERS "Parse the common headers once per group of targets" ON)

# What most files of every group include. Third-party headers that few files need stay out: a larger
# header takes longer to map into each compilation. So does <filesystem>, with which std::quoted would be
# found for every function of that name that is called with a string.
set(imbrex_common_headers
  <algorithm> <array> <cmath> <cstdint> <functional> <limits> <map> <memory> <numeric> <optional>
  <set> <span> <stdexcept> <string> <string_view> <tuple> <utility> <vector>
  <imbrex/plugin.hpp>)

# What GCC 12 infers about std::string once it is inlined is often false, and what it says of system headers is
# shown when these come precompiled. Sanitizers look for the real ones, every array access of every test.
set(imbrex_precompiled_options "$<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds;-Wno-restrict;-Wno-stringop-overflow;-Wno-stringop-overread>")

# imbrex_precompile(OWNER HEADER...): the target whose header, of the common ones and HEADER, others use.
function(imbrex_precompile owner)
  if(IMBREX_PRECOMPILED_HEADERS)
    target_precompile_headers(${owner} PRIVATE ${imbrex_common_headers} ${ARGN})
    target_compile_options(${owner} PRIVATE "${imbrex_precompiled_options}")
  endif()
endfunction()

# imbrex_reuse_precompiled(TARGET OWNER): TARGET must be compiled with the flags of OWNER. The macros that
# OWNER's libraries define must be the same too, since a precompiled header has seen them.
function(imbrex_reuse_precompiled target owner)
  if(IMBREX_PRECOMPILED_HEADERS)
    target_precompile_headers(${target} REUSE_FROM ${owner})
    target_compile_options(${target} PRIVATE "${imbrex_precompiled_options}")
    target_compile_definitions(${target} PRIVATE
      "$<TARGET_PROPERTY:${owner},COMPILE_DEFINITIONS>")
  endif()
endfunction()

# Of two sources of one target that are compiled together, what both instantiate is compiled once. Small
# batches, so that a change is compiled again within seconds; 0: each source by itself, as the presets dev
# and clang do, which proves that each can be. Names of anonymous namespaces are then known to the whole target.
set(IMBREX_UNITY_BATCH 6 CACHE STRING "How many sources of a target are compiled together; 0: none")

# imbrex_compile_together(TARGET [BATCHES]): the sources of TARGET, in the order in which it lists them but those
# that instantiate JSON first, so many batches in one where all sources instantiate the same.
function(imbrex_compile_together target)
  if(IMBREX_UNITY_BATCH GREATER 0)
    get_target_property(sources ${target} SOURCES)
    set(json ${sources})
    list(FILTER json INCLUDE REGEX "_json\\.cpp$")
    list(FILTER sources EXCLUDE REGEX "_json\\.cpp$")
    set_property(TARGET ${target} PROPERTY SOURCES ${json} ${sources})
    set(batches 1 ${ARGN})
    list(GET batches -1 batches)
    math(EXPR batch "${IMBREX_UNITY_BATCH} * ${batches}")
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${batch})
    # A type that a source keeps to itself may be a member of another of that source.
    target_compile_options(${target} PRIVATE "$<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>")
  endif()
endfunction()

# What only reads or prints is compiled for an optimised build in less time than what computes.
set(IMBREX_COLD_OPTIONS "$<$<CONFIG:Release>:-O1>")
