# What the machines here have in common: their compiler is Debian's for $triplet, their programs
# run under $emulator, and this machine's libraries are not theirs.
# SPDX-License-Identifier: GPL-2.0-or-later
set(CMAKE_C_COMPILER ${triplet}-gcc)
set(CMAKE_FIND_ROOT_PATH /usr/${triplet})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
find_program(emulator_path ${emulator} REQUIRED)
