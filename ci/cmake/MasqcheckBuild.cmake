# SPDX-License-Identifier: Apache-2.0
# Build options, and the two functions that make every library and unit test.

option(MASQCHECK_SANITIZE "AddressSanitizer and UndefinedBehaviorSanitizer" OFF)
option(MASQCHECK_WERROR "Warnings are errors" OFF)
option(MASQCHECK_COVERAGE "Line coverage by gcov" OFF)
set(MASQCHECK_FUZZ regress CACHE STRING
  "What drives the fuzz targets: regress (any compiler), libfuzzer, afl")
set_property(CACHE MASQCHECK_FUZZ PROPERTY STRINGS regress libfuzzer afl)
set(MASQCHECK_FUZZ_LINK -fsanitize=fuzzer CACHE STRING
  "What links libFuzzer's main() (OSS-Fuzz: $LIB_FUZZING_ENGINE)")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()
if(MASQCHECK_SANITIZE AND MASQCHECK_COVERAGE)
  message(FATAL_ERROR
    "MASQCHECK_SANITIZE and MASQCHECK_COVERAGE exclude each other: "
    "sanitizer checks count as lines. Choose one.")
endif()

# The engine is written as many small functions; let the whole-program pass
# put them together again (a tenth of the time of a packet).
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
  string(APPEND CMAKE_C_FLAGS_RELEASE
    " --param=max-inline-insns-auto=100 --param=inline-unit-growth=200 --param=large-function-growth=1000")
endif()

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

# Warnings, sanitizers and coverage travel with this target, not globally.
add_library(masqcheck_flags INTERFACE)
target_compile_options(masqcheck_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes
  -Wpointer-arith -Wwrite-strings -Wcast-qual -Wundef -Wvla)
# With code beside what the whole-program pass wants: who links without it
# (programs that only test, and those who use an installed library) can.
if(CMAKE_INTERPROCEDURAL_OPTIMIZATION AND CMAKE_C_COMPILER_ID STREQUAL "GNU")
  target_compile_options(masqcheck_flags INTERFACE -ffat-lto-objects)
endif()
if(MASQCHECK_WERROR)
  target_compile_options(masqcheck_flags INTERFACE -Werror)
endif()
if(MASQCHECK_SANITIZE)
  target_compile_options(masqcheck_flags INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=all
    -fno-omit-frame-pointer $<$<CONFIG:Debug>:-O1>)
  target_link_options(masqcheck_flags INTERFACE -fsanitize=address,undefined)
endif()
if(MASQCHECK_COVERAGE)
  target_compile_options(masqcheck_flags INTERFACE --coverage -O0)
  target_link_options(masqcheck_flags INTERFACE --coverage)
endif()

if(NOT MASQCHECK_FUZZ MATCHES "^(regress|libfuzzer|afl)$")
  message(FATAL_ERROR "MASQCHECK_FUZZ is \"${MASQCHECK_FUZZ}\"; expected "
    "regress, libfuzzer or afl.")
endif()
# The mutator knows the fields of packets; to be told of each comparison, as
# libFuzzer would be, costs a third of the time, and of each call through a
# table a twentieth.
if(MASQCHECK_FUZZ STREQUAL "libfuzzer")
  target_compile_options(masqcheck_flags INTERFACE -fsanitize=fuzzer-no-link
    -fno-sanitize-coverage=trace-cmp,indirect-calls,stack-depth)
endif()

# masqcheck_unwatched(TARGET source...): what only watches is not to guide a
# fuzzer, nor to cost what coverage costs. Sources of one UNITY_GROUP are
# compiled as one.
function(masqcheck_unwatched target)
  if(MASQCHECK_FUZZ STREQUAL "regress")
    return()
  endif()
  get_target_property(sources ${target} SOURCES)
  list(REMOVE_ITEM sources ${ARGN})
  set_target_properties(${target} PROPERTIES SOURCES "${sources}")
  add_library(${target}_unwatched OBJECT ${ARGN})
  target_include_directories(${target}_unwatched PRIVATE
    $<TARGET_PROPERTY:${target},INCLUDE_DIRECTORIES>)
  set_target_properties(${target}_unwatched PROPERTIES
    UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  # Not linked to masqcheck_flags: those would be behind what takes them back.
  target_compile_options(${target}_unwatched PRIVATE
    $<TARGET_PROPERTY:masqcheck_flags,INTERFACE_COMPILE_OPTIONS>)
  if(MASQCHECK_FUZZ STREQUAL "libfuzzer")
    target_compile_options(${target}_unwatched PRIVATE
      -fno-sanitize=fuzzer-no-link
      -fno-sanitize-coverage=edge,bb,func,inline-8bit-counters,pc-table,indirect-calls,trace-cmp,trace-pc-guard)
  else()
    # afl-clang-fast is told by its environment to be just a compiler.
    set_target_properties(${target}_unwatched PROPERTIES
      C_COMPILER_LAUNCHER "${CMAKE_COMMAND};-E;env;AFL_NOOPT=1")
  endif()
  target_sources(${target} PRIVATE $<TARGET_OBJECTS:${target}_unwatched>)
endfunction()

# masqcheck_compared(source...): here comparisons are told all the same, of
# texts and magic numbers.
function(masqcheck_compared)
  if(MASQCHECK_FUZZ STREQUAL "libfuzzer")
    set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS
      "-fsanitize-coverage=trace-cmp")
  endif()
endfunction()

# masqcheck_plain(TARGET): a program that tests. It is linked without the
# whole-program pass, which costs half a minute of each.
function(masqcheck_plain target)
  set_target_properties(${target} PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF)
  if(CMAKE_INTERPROCEDURAL_OPTIMIZATION AND CMAKE_C_COMPILER_ID STREQUAL "GNU")
    target_link_options(${target} PRIVATE -fno-lto)
  endif()
endfunction()

# masqcheck_library(NAME source...): a layer, which exports its include/.
function(masqcheck_library name)
  add_library(${name} STATIC ${ARGN})
  target_include_directories(${name} PUBLIC
    $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/src)
  target_link_libraries(${name} PRIVATE $<BUILD_INTERFACE:masqcheck_flags>)
endfunction()

# masqcheck_unit_test(NAME LIBRARY source...): a cmocka program, CTest name
# NAME, label "unit". It sees the private headers of its library.
function(masqcheck_unit_test name library)
  if(NOT BUILD_TESTING)
    return()
  endif()
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka>=1.1.5)
  string(REPLACE "." "_" target "test_${name}")
  add_executable(${target} ${ARGN})
  target_include_directories(${target} PRIVATE
    ${CMAKE_CURRENT_SOURCE_DIR}/src ${CMAKE_CURRENT_SOURCE_DIR}/test)
  target_link_libraries(${target} PRIVATE
    ${library} PkgConfig::CMOCKA masqcheck_flags)
  masqcheck_plain(${target})
  add_test(NAME ${name} COMMAND ${target})
  set_tests_properties(${name} PROPERTIES LABELS unit TIMEOUT 300)
endfunction()
