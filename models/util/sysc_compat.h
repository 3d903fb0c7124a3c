// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <systemc>

/// SC_HAS_PROCESS is required before IEEE 1666-2023, and deprecated from it on.
#if IEEE_1666_SYSTEMC >= 202301L
#define NVME_HAS_PROCESS(Module) static_assert(true, "")
#else
#define NVME_HAS_PROCESS(Module) SC_HAS_PROCESS(Module)
#endif
