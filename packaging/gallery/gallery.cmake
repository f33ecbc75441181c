# The gallery in captures/: its text and drawings are derived, its screenshots are looked after.
# SPDX-License-Identifier: GPL-2.0-or-later
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)

set(gallery ${CMAKE_COMMAND} -E env
  TCP_ABORT_PLUGINS=${PROJECT_BINARY_DIR}/plugins PYTHONDONTWRITEBYTECODE=1
  ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/gallery.py $<TARGET_FILE:derive>)
add_custom_target(derived-gallery
  COMMAND ${gallery} --update
  DEPENDS tcp_abort
  COMMENT "Writing the gallery in captures/README.md" VERBATIM)
add_dependencies(derived derived-gallery)
if(NOT CMAKE_C_FLAGS MATCHES "-fsanitize=[a-z,]*address")
  add_test(NAME derived.gallery COMMAND ${gallery} --check)
endif()
