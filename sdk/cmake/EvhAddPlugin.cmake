# evh_add_plugin(NAME SOURCES file... [LIBRARIES target...])
#
# Builds NAME.so, a plugin that exports evh_plugin_entry and nothing else. It resolves every symbol by itself: an undefined
# one fails the link, not the start of the program.
set(EVH_PLUGIN_VERSION_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/plugin.map)

function(evh_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES")
  if(NOT arg_SOURCES)
    message(FATAL_ERROR "evh_add_plugin(${name}): name its SOURCES")
  endif()
  add_library(${name} MODULE ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE EventsHandlerSDK::cpp ${arg_LIBRARIES})
  set_target_properties(${name} PROPERTIES
    PREFIX "" OUTPUT_NAME ${name}
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS ${EVH_PLUGIN_VERSION_SCRIPT})
  # Unique symbols would keep state shared between plugins, and each of them in memory for good.
  target_compile_options(${name} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
  target_link_options(${name} PRIVATE -Wl,--version-script=${EVH_PLUGIN_VERSION_SCRIPT} -Wl,--exclude-libs,ALL)
  if(NOT EVH_SANITIZE)  # a sanitizer's runtime is found in the program
    target_link_options(${name} PRIVATE -Wl,-z,defs)
  endif()
endfunction()
