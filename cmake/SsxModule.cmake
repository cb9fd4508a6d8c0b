# One CMake target a folder, linked only along the arrows of docs/architecture.md.

add_library(ssx_options INTERFACE)
target_include_directories(ssx_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(ssx_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # False positives of gcc 12 in the standard library's own code (PR 105329, 105651, 107852).
  target_compile_options(ssx_options INTERFACE -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds -Wno-maybe-uninitialized
                                               -Wno-stringop-overread -Wno-missing-field-initializers)
else()
  target_compile_options(ssx_options INTERFACE -Wno-missing-field-initializers)
endif()
if(SSX_SANITIZE)
  target_compile_options(ssx_options INTERFACE -fsanitize=${SSX_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(ssx_options INTERFACE -fsanitize=${SSX_SANITIZE})
endif()

# ssx_module(<name> <folder> [LINKS <module>...] [PRIVATE <target>...])
# makes ssx_<name> from every .cc of the folder (not of folders below it).
function(ssx_module name folder)
  cmake_parse_arguments(ARG "" "" "LINKS;PRIVATE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cc)
  if(NOT sources)
    set(sources ${PROJECT_SOURCE_DIR}/cmake/empty.cc)
  endif()
  add_library(ssx_${name} STATIC ${sources})
  list(TRANSFORM ARG_LINKS PREPEND ssx_)
  target_link_libraries(ssx_${name} PUBLIC ssx_options ${ARG_LINKS} PRIVATE ${ARG_PRIVATE})
endfunction()

# ssx_program(<name> <folder> …): the same for an executable.
function(ssx_program name folder)
  cmake_parse_arguments(ARG "" "" "LINKS;PRIVATE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cc)
  if(NOT sources)
    return()
  endif()
  add_executable(${name} ${sources})
  list(TRANSFORM ARG_LINKS PREPEND ssx_)
  target_link_libraries(${name} PRIVATE ssx_options ${ARG_LINKS} ${ARG_PRIVATE})
endfunction()
