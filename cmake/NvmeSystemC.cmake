# Provides SystemC::systemc, from the first of: a target that the enclosing project already made,
# an Accellera CMake installation, or pkg-config metadata (all that Debian's libsystemc-dev ships).
# Who includes this says what it means that there is none.
set(NVME_TLM_NO_SYSTEMC "SystemC 2.3.3 or later was not found: neither a target SystemC::systemc, \
nor a CMake package SystemCLanguage, nor systemc.pc by pkg-config")
if(NOT TARGET SystemC::systemc)
  find_package(SystemCLanguage CONFIG QUIET)
endif()
if(NOT TARGET SystemC::systemc)
  find_package(PkgConfig QUIET)
  if(PKG_CONFIG_FOUND)
    pkg_check_modules(NVME_TLM_SYSTEMC QUIET IMPORTED_TARGET GLOBAL systemc>=2.3.3)
  endif()
  if(TARGET PkgConfig::NVME_TLM_SYSTEMC)
    add_library(SystemC::systemc INTERFACE IMPORTED GLOBAL)
    set_target_properties(SystemC::systemc PROPERTIES
      INTERFACE_LINK_LIBRARIES PkgConfig::NVME_TLM_SYSTEMC)
  endif()
endif()
