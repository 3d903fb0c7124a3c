# SPDX-License-Identifier: Apache-2.0
# Fails when BINARY mentions SystemC's namespaces in its symbols.
execute_process(COMMAND ${NM} -C ${BINARY} OUTPUT_VARIABLE symbols RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "${NM} cannot read ${BINARY}")
endif()
if(NOT symbols MATCHES " T main\n")
  message(FATAL_ERROR "${BINARY} has no main: is this the right file?")
endif()
if(symbols MATCHES "[^\n]*(sc_core::|sc_dt::|tlm::)[^\n]*")
  message(FATAL_ERROR "${BINARY} uses SystemC: ${CMAKE_MATCH_0}")
endif()
