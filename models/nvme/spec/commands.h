// SPDX-License-Identifier: Apache-2.0
#pragma once
// Layouts of the command specific dwords of all commands.
#include "models/nvme/spec/admin_commands.h"
#include "models/nvme/spec/nvm_commands.h"
