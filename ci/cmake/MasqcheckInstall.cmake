# SPDX-License-Identifier: Apache-2.0
# What is installed: the program, the reference engine with its helpers as
# static libraries, their headers, the engine contract, a pkg-config file.

install(TARGETS masqcheck RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS masq masq_helpers
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ref/include/masq helpers/include/helpers
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES conformance/include/conformance/engine.h
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/conformance)
install(DIRECTORY conformance/engines/template conformance/engines/peers
    conformance/cases
  DESTINATION ${CMAKE_INSTALL_DATADIR}/masqcheck)

# Relative to the file itself, so that the tree may be installed anywhere.
file(RELATIVE_PATH MASQCHECK_PC_PREFIX
  "/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/prefix")
configure_file(${CMAKE_CURRENT_LIST_DIR}/masqcheck.pc.in
  ${CMAKE_BINARY_DIR}/masqcheck.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/masqcheck.pc
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
