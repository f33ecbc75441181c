# Installing for one user, where Wireshark looks without being told, and taking it all away again.
# SPDX-License-Identifier: GPL-2.0-or-later

# The folders of one user are no prefix with the same below it as /usr, so this is a component of
# its own: `cmake --build BUILD --target install-personal`.
set(series ${Wireshark_MAJOR_VERSION}.${Wireshark_MINOR_VERSION})
install(TARGETS tcp_abort LIBRARY COMPONENT personal EXCLUDE_FROM_ALL
  DESTINATION .local/lib/wireshark/plugins/${series}/epan)
install(FILES ${profile_outputs} COMPONENT personal EXCLUDE_FROM_ALL
  DESTINATION ".config/wireshark/profiles/${profile_name}")
install(FILES ${manual} COMPONENT personal EXCLUDE_FROM_ALL
  DESTINATION .local/share/man/man7)
install_command(.local/ COMPONENT personal EXCLUDE_FROM_ALL)

add_custom_target(install-personal
  COMMAND sh -c "exec \"$0\" --install \"$1\" --component personal --prefix \"$HOME\""
    ${CMAKE_COMMAND} ${PROJECT_BINARY_DIR}
  DEPENDS tcp_abort profile manual VERBATIM)

# Each installation leaves a list of its files; what is in them goes, and the folders that only
# these files had.
set(uninstall ${CMAKE_COMMAND} -DBUILD=${PROJECT_BINARY_DIR})
add_custom_target(uninstall
  COMMAND ${uninstall} -DMANIFEST=install_manifest.txt
    -P ${CMAKE_CURRENT_LIST_DIR}/uninstall.cmake VERBATIM)
add_custom_target(uninstall-personal
  COMMAND ${uninstall} -DMANIFEST=install_manifest_personal.txt
    -P ${CMAKE_CURRENT_LIST_DIR}/uninstall.cmake VERBATIM)
