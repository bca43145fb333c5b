# What is installed beside the program: completions and manual pages, which it makes of its own
# definition, a unit for systemd, and documents.
include(GNUInstallDirs)

set(documentation ${CMAKE_BINARY_DIR}/documentation)
add_custom_command(OUTPUT ${documentation}/man1/sluice.1
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${documentation}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${documentation}/man1
  COMMAND sluice man --out ${documentation}/man1
  COMMAND sluice completion bash --out ${documentation}/sluice
  COMMAND sluice completion zsh --out ${documentation}/_sluice
  COMMAND sluice completion fish --out ${documentation}/sluice.fish
  DEPENDS sluice COMMENT "Writing completions and manual pages" VERBATIM)
add_custom_target(documentation ALL DEPENDS ${documentation}/man1/sluice.1)

install(DIRECTORY ${documentation}/man1 DESTINATION ${CMAKE_INSTALL_MANDIR})
install(FILES ${CMAKE_SOURCE_DIR}/deploy/sluice.service DESTINATION lib/systemd/system)
install(FILES README.md CHANGELOG.md LICENSE SECURITY.md deploy/sluice.yaml
  DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${documentation}/sluice
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${documentation}/_sluice DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${documentation}/sluice.fish
  DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
