# Targets for people who change Imbrex itself; nothing here is needed to build it.
#   tidy           clang-tidy on kernel and plugins, with the checks of the root .clang-tidy
#   format-check   fails and shows what clang-format would change;  format changes it
# Where a tool is missing, so is its target, and configuring says so.
set(imbrex_source_patterns)
foreach(folder kernel plugins sdk tests bench)
  list(APPEND imbrex_source_patterns "${PROJECT_SOURCE_DIR}/${folder}/*.cpp" "${PROJECT_SOURCE_DIR}/${folder}/*.hpp")
endforeach()

find_program(IMBREX_CLANG_FORMAT NAMES clang-format-14 clang-format)
if(IMBREX_CLANG_FORMAT)
  file(GLOB_RECURSE imbrex_formatted CONFIGURE_DEPENDS ${imbrex_source_patterns})
  add_custom_target(format-check
    COMMAND "${IMBREX_CLANG_FORMAT}" --dry-run -Werror --style=file ${imbrex_formatted}
    COMMENT "clang-format" VERBATIM)
  add_custom_target(format
    COMMAND "${IMBREX_CLANG_FORMAT}" -i --style=file ${imbrex_formatted}
    COMMENT "clang-format -i" VERBATIM)
else()
  message(STATUS "Targets format and format-check: off (clang-format-14 is missing)")
endif()

find_program(IMBREX_RUN_CLANG_TIDY NAMES run-clang-tidy-14 run-clang-tidy)
if(IMBREX_RUN_CLANG_TIDY AND CMAKE_EXPORT_COMPILE_COMMANDS)
  add_custom_target(tidy
    COMMAND "${IMBREX_RUN_CLANG_TIDY}" -quiet -p "${PROJECT_BINARY_DIR}"
      "${PROJECT_SOURCE_DIR}/(kernel/src|kernel/app|plugins)/.*\\.cpp$"
    COMMENT "clang-tidy" VERBATIM)
else()
  message(STATUS "Target tidy: off (clang-tidy is missing, or CMAKE_EXPORT_COMPILE_COMMANDS is off)")
endif()

# imbrex_component_targets(PLUGIN): for each component that the plugin's sources declare, a target with
# the component's id that builds the plugin, so that a build can be asked for what a recipe names.
function(imbrex_component_targets plugin)
  get_target_property(sources ${plugin} SOURCES)
  get_target_property(folder ${plugin} SOURCE_DIR)
  foreach(source IN LISTS sources)
    get_filename_component(source "${source}" ABSOLUTE BASE_DIR "${folder}")
    file(READ "${source}" text)
    string(REGEX MATCHALL "component<[A-Za-z0-9_:, ]+>\\([ \n]*\"imbrex\\.[a-z]+\\.[a-z0-9-]+\""
      declarations "${text}")
    foreach(declaration IN LISTS declarations)
      string(REGEX MATCH "imbrex\\.[a-z]+\\.[a-z0-9-]+" id "${declaration}")
      if(NOT TARGET ${id})
        add_custom_target(${id} DEPENDS ${plugin})
      endif()
    endforeach()
  endforeach()
endfunction()
