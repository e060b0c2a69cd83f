# imbrex_linked_plugins: who links it has every plugin of the tree in the program itself, made of the very objects
# of the libraries, so that it takes no compilation and cannot fall behind them. Fuzzers and profilers want that,
# and -DIMBREX_STATIC_PLUGINS=ON makes the command such a program, which opens no library of the tree.
#
# All libraries export a symbol of one name. In an archive of a plugin's objects it has the name of its target
# behind it, and a generated source lists all of them (kernel/src/plugin/linked_plugins.hpp).
option(IMBREX_STATIC_PLUGINS "Link the plugins of the tree into the command" OFF)

# imbrex_plugin_archive(PLUGIN): the target imbrex_linked_PLUGIN, an archive and what the plugin itself links.
function(imbrex_plugin_archive plugin)
  set(archive "${CMAKE_BINARY_DIR}/lib/linked/${plugin}.a")
  set(renamed)
  foreach(symbol imbrex_plugin_descriptor imbrex_header_digests
          # What the address sanitizer marks a variable with, to find it defined twice.
          __odr_asan.imbrex_header_digests __odr_asan_gen_imbrex_header_digests)
    list(APPEND renamed --redefine-sym "${symbol}=${symbol}_${plugin}")
  endforeach()
  add_custom_command(OUTPUT "${archive}"
    COMMAND "${CMAKE_COMMAND}" -E make_directory "${CMAKE_BINARY_DIR}/lib/linked"
    COMMAND "${CMAKE_COMMAND}" -E rm -f "${archive}"
    COMMAND "${CMAKE_AR}" qcs "${archive}" "$<TARGET_OBJECTS:${plugin}>"
    COMMAND "${CMAKE_OBJCOPY}" ${renamed} "${archive}"
    DEPENDS "$<TARGET_OBJECTS:${plugin}>" COMMAND_EXPAND_LISTS VERBATIM
    COMMENT "Objects of ${plugin} for programs that link it")
  add_custom_target(imbrex_archive_${plugin} DEPENDS "${archive}")
  # What the plugin opens when it runs.
  get_target_property(opened ${plugin} MANUALLY_ADDED_DEPENDENCIES)
  if(opened)
    add_dependencies(imbrex_archive_${plugin} ${opened})
  endif()
  add_library(imbrex_linked_${plugin} STATIC IMPORTED GLOBAL)
  add_dependencies(imbrex_linked_${plugin} imbrex_archive_${plugin})
  get_target_property(libraries ${plugin} LINK_LIBRARIES)
  # Digests are only named weakly, which alone takes nothing out of an archive.
  set_target_properties(imbrex_linked_${plugin} PROPERTIES
    IMPORTED_LOCATION "${archive}"
    INTERFACE_LINK_LIBRARIES "${libraries}"
    INTERFACE_LINK_OPTIONS "LINKER:--undefined=imbrex_header_digests_${plugin}")
endfunction()

add_library(imbrex_linked_plugins INTERFACE)
set(declarations)
set(entries)
foreach(plugin IN LISTS IMBREX_INSTALLED_PLUGINS)
  imbrex_plugin_archive(${plugin})
  target_link_libraries(imbrex_linked_plugins INTERFACE imbrex_linked_${plugin})
  string(APPEND declarations "extern \"C\" const imbrex::PluginDescriptor* imbrex_plugin_descriptor_${plugin}();\n")
  string(APPEND entries "    imbrex_plugin_descriptor_${plugin},\n")
endforeach()
set(table "${CMAKE_BINARY_DIR}/linked_plugins.cpp")
file(CONFIGURE OUTPUT "${table}" @ONLY CONTENT [[
#include "plugin/linked_plugins.hpp"

@declarations@
extern "C" __attribute__((visibility("hidden"))) const imbrex::plugin::EntryFunction imbrex_linked_plugins[];
const imbrex::plugin::EntryFunction imbrex_linked_plugins[] = {
@entries@    nullptr};
]])
# An object, not an archive, out of which nobody would take it.
add_library(imbrex_linked_table OBJECT EXCLUDE_FROM_ALL "${table}")
target_include_directories(imbrex_linked_table PRIVATE kernel/include kernel/src)
target_compile_features(imbrex_linked_table PRIVATE cxx_std_20)
target_sources(imbrex_linked_plugins INTERFACE "$<TARGET_OBJECTS:imbrex_linked_table>")
if(IMBREX_STATIC_PLUGINS)
  target_link_libraries(imbrex PRIVATE imbrex_linked_plugins)
  set(IMBREX_INSTALLED_PLUGINS)
endif()
