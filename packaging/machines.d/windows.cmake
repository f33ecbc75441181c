# Windows on a 64-bit PC.  Wireshark uses the universal C runtime; the core and its tests are at
# home on the older one as well.
# SPDX-License-Identifier: GPL-2.0-or-later
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
find_program(universal x86_64-w64-mingw32ucrt-gcc)
set(triplet x86_64-w64-mingw32)
if(universal)
  string(APPEND triplet ucrt)
endif()
set(emulator wine)
include(${CMAKE_CURRENT_LIST_DIR}/foreign.cmake)
set(CMAKE_CROSSCOMPILING_EMULATOR
  ${CMAKE_COMMAND} -E env WINEDEBUG=-all WINEPREFIX=${CMAKE_BINARY_DIR}/wine ${emulator_path})
