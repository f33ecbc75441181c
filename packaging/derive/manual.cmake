# The manual page OUTPUT, from TEMPLATE and what DERIVE says of causes and fields.
# SPDX-License-Identifier: GPL-2.0-or-later
execute_process(COMMAND ${DERIVE} manual OUTPUT_VARIABLE CAUSES COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${DERIVE} fields OUTPUT_VARIABLE FIELDS COMMAND_ERROR_IS_FATAL ANY)
configure_file(${TEMPLATE} ${OUTPUT} @ONLY)
