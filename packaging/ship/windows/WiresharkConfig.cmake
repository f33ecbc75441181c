# What find_package(Wireshark) finds for Windows, where no development files are shipped: the
# headers of TCP_ABORT_KIT, and stand-ins for the libraries.
# SPDX-License-Identifier: GPL-2.0-or-later
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
set(stand_ins ${PROJECT_BINARY_DIR}/stand-ins)
execute_process(
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/stand_in.py
    ${TCP_ABORT_KIT} ${stand_ins} ${CMAKE_C_COMPILER}
  COMMAND_ERROR_IS_FATAL ANY)

set(Wireshark_MAJOR_VERSION ${Wireshark_VERSION_MAJOR})
set(Wireshark_MINOR_VERSION ${Wireshark_VERSION_MINOR})
set(Wireshark_PLUGIN_LIBDIR plugins/${Wireshark_MAJOR_VERSION}.${Wireshark_MINOR_VERSION})

# The GLib of the kit is newer than that of a Wireshark for Windows of the same series may be.  What
# is imported is declared so: nothing is left to the linker's guess, nor to a library of GCC's.
add_library(epan INTERFACE IMPORTED)
target_compile_definitions(epan INTERFACE
  GLIB_VERSION_MIN_REQUIRED=GLIB_VERSION_2_50 GLIB_VERSION_MAX_ALLOWED=GLIB_VERSION_2_50)
target_include_directories(epan SYSTEM INTERFACE
  ${stand_ins} ${TCP_ABORT_KIT}/include/wireshark ${TCP_ABORT_KIT}/include/glib-2.0)
file(GLOB libraries ${stand_ins}/*.dll.a)
target_link_libraries(epan INTERFACE ${libraries})
target_link_options(epan INTERFACE
  -static-libgcc LINKER:--disable-auto-import,--no-insert-timestamp)
