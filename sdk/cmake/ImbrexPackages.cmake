# `cpack -G DEB` in a build folder: imbrex and imbrex-dev, which `apt-get install ./imbrex_*.deb` takes.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME imbrex)
set(CPACK_PACKAGE_VERSION "${PROJECT_VERSION}")
set(CPACK_PACKAGE_CONTACT "The Imbrex contributors")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL runtime development)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)

set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME imbrex)
set(CPACK_COMPONENT_RUNTIME_DESCRIPTION "Maps neural networks onto processing-in-memory and spatial accelerators
 The command, its kernel, every plugin that was built, recipes and documentation.")
# What the command and the plugins link, read from the files; the kernel is in the package itself.
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SHLIBDEPS ON)
# For the package imbrex of Python, which needs nothing else.
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SUGGESTS python3)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${CMAKE_LIBRARY_OUTPUT_DIRECTORY}")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME imbrex-dev)
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION "Headers and CMake package for plugins of Imbrex, and for programs that embed it
 find_package(Imbrex) gives imbrex_add_plugin() and imbrex::session.")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
  "imbrex (= ${PROJECT_VERSION}), g++ (>= 4:12), cmake (>= 3.25), libfmt-dev, libunistring-dev")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
include(CPack)
