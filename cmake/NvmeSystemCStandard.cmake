# SPDX-License-Identifier: Apache-2.0
# Sets NVME_TLM_SC_CPLUSPLUS to the C++ standard that SystemC was built for, or to nothing.
#
# SystemC puts the standard of whoever includes it into the name of a symbol, and the library has it
# for one standard only: sources of another one do not link. What differs between standards in its
# headers follows the macro SC_CPLUSPLUS. With that macro at the library's own standard the headers
# declare what the library contains, whatever the standard of the sources, and the other checks of
# that symbol (version, virtual bind) stay.
get_target_property(systemc_is_imported SystemC::systemc IMPORTED)
set(NVME_TLM_SC_CPLUSPLUS "")
if(systemc_is_imported)  # otherwise it is built along with us, for the same standard
  include(CheckCXXSourceCompiles)
  set(CMAKE_REQUIRED_LIBRARIES SystemC::systemc)
  set(CMAKE_REQUIRED_QUIET ON)
  foreach(standard 201703L 202002L 202302L 202100L 201402L)
    set(CMAKE_REQUIRED_DEFINITIONS -DSC_CPLUSPLUS=${standard})
    check_cxx_source_compiles("#include <systemc>\nint sc_main(int, char*[]) { return 0; }"
      NVME_TLM_SYSTEMC_IS_FOR_${standard})
    if(NVME_TLM_SYSTEMC_IS_FOR_${standard})
      set(NVME_TLM_SC_CPLUSPLUS ${standard})
      break()
    endif()
  endforeach()
  unset(CMAKE_REQUIRED_LIBRARIES)
  unset(CMAKE_REQUIRED_QUIET)
  unset(CMAKE_REQUIRED_DEFINITIONS)
endif()
