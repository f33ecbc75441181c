# Fails unless what PROGRAM prints is what EXPECTED holds, line for line.
# SPDX-License-Identifier: GPL-2.0-or-later
execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE actual COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE "\r\n" "\n" actual "${actual}")
file(READ ${EXPECTED} expected)
string(REGEX REPLACE "^(#[^\n]*\n)+" "" expected "${expected}")
if(NOT actual STREQUAL expected)
  message(FATAL_ERROR "${EXPECTED} says\n${expected}\nbut it is\n${actual}")
endif()
