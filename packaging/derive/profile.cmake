# The profile "TCP Aborts": a folder that Wireshark finds once it is installed, and the same
# as a zip file to import.
# SPDX-License-Identifier: GPL-2.0-or-later
set(profile_name "TCP Aborts")
set(profile_folder "${CMAKE_CURRENT_BINARY_DIR}/profiles/${profile_name}")
set(profile_files preferences recent dfilter_buttons io_graphs)

# A profile's list of these replaces the one Wireshark comes with, so that one goes below ours.
foreach(file IN ITEMS colorfilters dfilters)
  find_file(WIRESHARK_${file} ${file}
    PATHS "${Wireshark_INSTALL_PREFIX}" PATH_SUFFIXES share/wireshark NO_DEFAULT_PATH
    DOC "The ${file} Wireshark comes with")
  mark_as_advanced(WIRESHARK_${file})
  if(WIRESHARK_${file})
    list(APPEND profile_files ${file})
    set(defaults_${file} COMMAND ${CMAKE_COMMAND} -E cat "${WIRESHARK_${file}}" >> ${file})
  else()
    message(WARNING "No ${file} in ${Wireshark_INSTALL_PREFIX}/share/wireshark: the profile goes "
      "without, rather than hide those that Wireshark has elsewhere. -DWIRESHARK_${file}=FILE "
      "names the file.")
  endif()
endforeach()

file(MAKE_DIRECTORY "${profile_folder}")
set(profile_outputs)
set(zip_members)
foreach(file IN LISTS profile_files)
  list(APPEND zip_members "${profile_name}/${file}")
  list(APPEND profile_outputs "${profile_folder}/${file}")
  add_custom_command(OUTPUT "${profile_folder}/${file}"
    COMMAND derive ${file} > ${file}
    ${defaults_${file}}
    DEPENDS derive ${WIRESHARK_${file}}
    WORKING_DIRECTORY "${profile_folder}"
    COMMENT "" VERBATIM)
endforeach()

set(profile_zip "${CMAKE_CURRENT_BINARY_DIR}/tcp-aborts-profile.zip")
add_custom_command(OUTPUT ${profile_zip}
  COMMAND ${CMAKE_COMMAND} -E tar cf ${profile_zip} --format=zip -- ${zip_members}
  DEPENDS ${profile_outputs}
  WORKING_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/profiles"
  COMMENT "Packing the profile ${profile_name}" VERBATIM)
add_custom_target(profile ALL DEPENDS ${profile_outputs} ${profile_zip})
add_dependencies(derived profile)

install(FILES ${profile_outputs}
  DESTINATION "${CMAKE_INSTALL_DATADIR}/wireshark/profiles/${profile_name}")
