# IMBREX_COMMIT: the commit this folder was configured at, or "unknown" outside a git clone. Each new
# commit configures again. Only `imbrex --version` shows it; no result depends on it.
set(IMBREX_COMMIT unknown)
find_package(Git QUIET)
if(GIT_FOUND)
  execute_process(
    COMMAND "${GIT_EXECUTABLE}" -C "${PROJECT_SOURCE_DIR}" rev-parse HEAD
    OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  execute_process(
    COMMAND "${GIT_EXECUTABLE}" -C "${PROJECT_SOURCE_DIR}" rev-parse --show-toplevel --git-path logs/HEAD
    OUTPUT_VARIABLE places OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  string(REPLACE "\n" ";" places "${places}")
  list(GET places 0 clone)
  # An unpacked release inside somebody else's clone has no commit of its own.
  if(NOT failed AND clone STREQUAL PROJECT_SOURCE_DIR)
    set(IMBREX_COMMIT "${commit}")
    list(GET places 1 log)
    get_filename_component(log "${log}" ABSOLUTE BASE_DIR "${PROJECT_SOURCE_DIR}")
    if(EXISTS "${log}")
      set_property(DIRECTORY "${PROJECT_SOURCE_DIR}" APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${log}")
    endif()
  endif()
endif()
