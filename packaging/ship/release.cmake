# One version everywhere, the source tarball, and what is checked before a release.
# SPDX-License-Identifier: GPL-2.0-or-later
add_test(NAME packaging.version
  COMMAND ${CMAKE_CURRENT_LIST_DIR}/release --versions)

# The patches to Wireshark itself, on a stub of its source.
find_package(Python3 3.9 COMPONENTS Interpreter)
find_program(GIT git)
if(Python3_FOUND AND GIT)
  add_test(NAME packaging.upstream
    COMMAND ${Python3_EXECUTABLE} -B ${CMAKE_CURRENT_LIST_DIR}/series/try.py ${CMAKE_C_COMPILER})
endif()

set(tarball ${PROJECT_BINARY_DIR}/tcp-abort-${PROJECT_VERSION}.tar.gz)
add_custom_target(dist
  COMMAND ${CMAKE_CURRENT_LIST_DIR}/tarball ${tarball}
  COMMENT "Packing the sources" VERBATIM)

add_custom_target(release
  COMMAND ${CMAKE_CURRENT_LIST_DIR}/release
  USES_TERMINAL VERBATIM)
