# What `cmake --install` and `cpack -G DEB` put where. Two components: `runtime` (the command, the kernel,
# plugins, configurations) and `development` (headers and the CMake package for authors of plugins).
# Any prefix works, and an installed folder may be moved: the command, the kernel and the plugins find
# each other by relative paths.
include(CMakePackageConfigHelpers)
set(IMBREX_PLUGIN_INSTALL_DIR "${CMAKE_INSTALL_LIBDIR}/imbrex/plugins")
set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/Imbrex")

install(TARGETS imbrex RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT runtime)
install(TARGETS imbrex-conform RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT development)
install(TARGETS imbrex_kernel
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT runtime NAMELINK_COMPONENT development
  FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT development)
install(TARGETS imbrex_session
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT runtime NAMELINK_COMPONENT development
  FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT development)
# Where the Python of Debian looks; from another prefix by PYTHONPATH.
install(DIRECTORY sdk/python/imbrex DESTINATION "${CMAKE_INSTALL_LIBDIR}/python3/dist-packages"
  COMPONENT runtime PATTERN __pycache__ EXCLUDE)
foreach(part IN LISTS IMBREX_TOOLKIT_PARTS)
  install(TARGETS imbrex_${part}
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT development
    FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT development)
endforeach()
foreach(target IN LISTS IMBREX_INSTALLED_PLUGINS)
  set_target_properties(${target} PROPERTIES INSTALL_RPATH "$ORIGIN/../..")
  install(TARGETS ${target}
    LIBRARY DESTINATION "${IMBREX_PLUGIN_INSTALL_DIR}" COMPONENT runtime)
endforeach()
foreach(target imbrex_nsga2 imbrex_sga)   # opened when somebody asks for them
  if(TARGET ${target})
    install(TARGETS ${target} LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}/imbrex" COMPONENT runtime)
  endif()
endforeach()
install(DIRECTORY configs DESTINATION "${CMAKE_INSTALL_DATADIR}/imbrex" COMPONENT runtime
  USE_SOURCE_PERMISSIONS)
install(FILES README.md LICENSE CITATION.cff DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT runtime)
# The manual and the completion of shells, which the command prints by itself.
set(manual_folder "${PROJECT_BINARY_DIR}/manual")
add_custom_command(OUTPUT "${manual_folder}/imbrex.1" "${manual_folder}/imbrex" "${manual_folder}/_imbrex"
  COMMAND "${CMAKE_COMMAND}" -E make_directory "${manual_folder}"
  COMMAND imbrex man > "${manual_folder}/imbrex.1"
  COMMAND imbrex completion bash > "${manual_folder}/imbrex"
  COMMAND imbrex completion zsh > "${manual_folder}/_imbrex"
  DEPENDS imbrex COMMENT "Manual and completion" VERBATIM)
add_custom_target(imbrex_manual ALL DEPENDS "${manual_folder}/imbrex.1")
install(FILES "${manual_folder}/imbrex.1" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1" COMPONENT runtime)
install(FILES "${manual_folder}/imbrex"
  DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions" COMPONENT runtime)
install(FILES "${manual_folder}/_imbrex"
  DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions" COMPONENT runtime)
install(DIRECTORY sdk/docs/ DESTINATION "${CMAKE_INSTALL_DOCDIR}/sdk/docs" COMPONENT runtime)
# Pages link to one another as in the source tree.
file(GLOB ablation_pages CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/configs/ablations/*.md")
install(FILES ${ablation_pages} DESTINATION "${CMAKE_INSTALL_DOCDIR}/configs/ablations" COMPONENT runtime)

# find_package(Imbrex): the same package file for the build folder and for an installation; only the
# folders that it names differ, and an installation's are relative to the package file.
set(version_file "${PROJECT_BINARY_DIR}/lib/cmake/Imbrex/imbrex-config-version.cmake")
set(package_template "${PROJECT_SOURCE_DIR}/sdk/cmake/imbrex-config.cmake.in")
write_basic_package_version_file("${version_file}" COMPATIBILITY SameMinorVersion)

set(imbrex_include_folder "${PROJECT_SOURCE_DIR}/kernel/include")
set(imbrex_toolkit_folder "${PROJECT_SOURCE_DIR}/sdk/toolkit/include")
set(imbrex_session_folder "${PROJECT_SOURCE_DIR}/sdk/session/include")
set(imbrex_library_folder "${CMAKE_LIBRARY_OUTPUT_DIRECTORY}")
set(imbrex_command_folder "${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
set(imbrex_module_folder "${PROJECT_SOURCE_DIR}/sdk/cmake")
configure_file("${package_template}" "${PROJECT_BINARY_DIR}/lib/cmake/Imbrex/imbrex-config.cmake" @ONLY)

file(RELATIVE_PATH to_prefix "/${package_folder}" "/")
set(imbrex_include_folder "\${CMAKE_CURRENT_LIST_DIR}/${to_prefix}${CMAKE_INSTALL_INCLUDEDIR}")
set(imbrex_toolkit_folder "${imbrex_include_folder}")
set(imbrex_session_folder "${imbrex_include_folder}")
set(imbrex_library_folder "\${CMAKE_CURRENT_LIST_DIR}/${to_prefix}${CMAKE_INSTALL_LIBDIR}")
set(imbrex_command_folder "\${CMAKE_CURRENT_LIST_DIR}/${to_prefix}${CMAKE_INSTALL_BINDIR}")
set(imbrex_module_folder "\${CMAKE_CURRENT_LIST_DIR}")
configure_file("${package_template}" "${PROJECT_BINARY_DIR}/installed/imbrex-config.cmake" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/installed/imbrex-config.cmake" "${version_file}"
  sdk/cmake/ImbrexPlugin.cmake sdk/cmake/ImbrexHeaders.cmake sdk/cmake/header_digests.cmake
  sdk/cmake/plugin.map
  sdk/cmake/ImbrexRecipeTest.cmake sdk/cmake/recipe_test.cmake
  DESTINATION "${package_folder}" COMPONENT development)

include(ImbrexPackages)
