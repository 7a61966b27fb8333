# SPDX-License-Identifier: Apache-2.0
# What is installed of the fuzzers: the programs of the driver that this build
# is configured for, in a folder of its own, so that several builds go into
# one prefix; their seeds and dictionaries. "masqcheck fuzz" looks there.
install(TARGETS ${fuzz_programs}
  RUNTIME DESTINATION
    ${CMAKE_INSTALL_LIBEXECDIR}/masqcheck/fuzz-${MASQCHECK_FUZZ})
if(MASQCHECK_FUZZ STREQUAL "afl")
  install(TARGETS masqcheck-mutator
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/masqcheck/fuzz-afl)
endif()
install(DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/dict
  DESTINATION ${CMAKE_INSTALL_DATADIR}/masqcheck)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/corpora
  DESTINATION ${CMAKE_INSTALL_DATADIR}/masqcheck
  PATTERN open EXCLUDE)
