# Compiles through ccache where it is installed. ccache takes a precompiled header only with this
# sloppiness: the header's macros are then known from its own entry, and no file here uses __TIME__.
find_program(IMBREX_CCACHE ccache)
if(NOT CMAKE_CXX_COMPILER_LAUNCHER AND IMBREX_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${IMBREX_CCACHE}")
endif()
if(CMAKE_CXX_COMPILER_LAUNCHER MATCHES "^[^;]*ccache$")
  set(CMAKE_CXX_COMPILER_LAUNCHER
    env CCACHE_SLOPPINESS=pch_defines,time_macros
    "${CMAKE_CXX_COMPILER_LAUNCHER}")
endif()
