# cmake -DPLUGIN=FOLDER -P tables.cmake: whether the tables are used, and nothing goes round them.
# SPDX-License-Identifier: GPL-2.0-or-later
file(GLOB sources ${PLUGIN}/core/*/*.[ch] ${PLUGIN}/wireshark/*.[ch] ${PLUGIN}/shown/*.[ch])
set(failed FALSE)

function(complain text)
  message(NOTICE "${text}")
  set(failed TRUE PARENT_SCOPE)
endfunction()

# The code of a file, without comments and strings.
function(read_code file out)
  file(READ ${file} text)
  string(REGEX REPLACE "/\\*([^*]|\\*+[^*/])*\\*+/" "" text "${text}")
  string(REGEX REPLACE "\"([^\"\\\\]|\\\\.)*\"" "" text "${text}")
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

set(all_code "")
foreach(source IN LISTS sources)
  read_code(${source} code)
  string(APPEND all_code "${code}")
  cmake_path(RELATIVE_PATH source BASE_DIRECTORY ${PLUGIN} OUTPUT_VARIABLE name)

  # A number that decides has a row of limits.def.  What a header says bounds memory; reasons are
  # decoded by their formats, and the ladder decides nothing.
  if(name MATCHES "^core/(flow|facts|judged)/.*\\.c$" AND NOT name MATCHES "/(reason|ladder)\\.c$")
    string(REPLACE "< 2" "" code "${code}") # sides of a connection
    string(REGEX MATCHALL "([<>]=?|[*/]|[A-Z_a-z] =) ([2-9]|[1-9][0-9]+|INT64_C)[^;\n]*"
      found "${code}")
    foreach(number IN LISTS found)
      complain("${name}: it has no row of limits.def: ${number}")
    endforeach()
  endif()

  # A list of causes or details is a column.
  string(REGEX MATCHALL "(case |{ *|\\[)(CAUSE|DETAIL)_[A-Z_]+[^A-Z_#]" found "${code}")
  foreach(item IN LISTS found)
    complain("${name}: a list of its own: ${item}")
  endforeach()

  # Who asks for a cause or a detail by name has set it; all others ask for a column.
  set(compared "[!=]= ((CAUSE|DETAIL)_[A-Z_]+)")
  string(REGEX MATCHALL "${compared}" found "${code}")
  string(REGEX REPLACE "${compared}" "" set_here "${code} ")
  foreach(comparison IN LISTS found)
    string(REGEX REPLACE ".* " "" asked "${comparison}")
    if(NOT asked MATCHES "_NONE$" AND NOT set_here MATCHES "[^A-Z_]${asked}[^A-Z_]")
      complain("${name}: what should be a column: ${comparison}")
    endif()
  endforeach()
endforeach()

file(STRINGS ${PLUGIN}/core/words/limits.def rows REGEX "^LIMIT\\(")
foreach(row IN LISTS rows)
  string(REGEX MATCH "[A-Z0-9_]+," limit "${row}")
  string(REPLACE "," "" limit "${limit}")
  string(REGEX MATCH "[^A-Z0-9_]LIMIT_${limit}[^A-Z0-9_]" used "${all_code}")
  if(used STREQUAL "")
    complain("limits.def: nothing asks for ${limit}")
  endif()
endforeach()

if(failed)
  message(FATAL_ERROR "The tables are not the only place.")
endif()
