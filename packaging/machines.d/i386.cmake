# Pointers of 32 bits.
# SPDX-License-Identifier: GPL-2.0-or-later
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR i386)
set(triplet i686-linux-gnu)
set(emulator qemu-i386)
include(${CMAKE_CURRENT_LIST_DIR}/foreign.cmake)
set(CMAKE_C_FLAGS_INIT "-fsanitize=undefined -fno-sanitize-recover=all")
set(CMAKE_CROSSCOMPILING_EMULATOR ${emulator_path} -L ${CMAKE_FIND_ROOT_PATH})
