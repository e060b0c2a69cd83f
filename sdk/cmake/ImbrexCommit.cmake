# IMBREX_COMMIT: the commit this folder was configured at, or "unknown" outside a git clone. Each new
# commit configures again. Only `imbrex --version` shows it; no result depends on it.
set(IMBREX_COMMIT unknown)
set(clone_facts)
find_package(Git QUIET)
if(GIT_FOUND)
  execute_process(
    COMMAND "${GIT_EXECUTABLE}" -C "${PROJECT_SOURCE_DIR}" rev-parse HEAD --show-toplevel --git-path logs/HEAD
    OUTPUT_VARIABLE clone_facts OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE no_clone)
  string(REPLACE "\n" ";" clone_facts "${clone_facts}")
  list(LENGTH clone_facts number)
  if(no_clone OR NOT number EQUAL 3)
    set(clone_facts)
  endif()
endif()
if(clone_facts)
  list(GET clone_facts 1 top)
  get_filename_component(top "${top}" REALPATH)
  get_filename_component(source "${PROJECT_SOURCE_DIR}" REALPATH)
  # A release that was unpacked inside somebody else's clone has no commit of its own.
  if(top STREQUAL source)
    list(GET clone_facts 0 IMBREX_COMMIT)
    list(GET clone_facts 2 log)
    get_filename_component(log "${log}" ABSOLUTE BASE_DIR "${PROJECT_SOURCE_DIR}")
    if(EXISTS "${log}")
      set_property(DIRECTORY "${PROJECT_SOURCE_DIR}" APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${log}")
    endif()
  endif()
endif()
