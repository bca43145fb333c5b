// What this process may do and hold, as the system sees it.
#pragma once

#include <string>

namespace cli {

// Raises the soft limit of descriptors as far as the system lets us. Returns the limit in force.
unsigned long raise_descriptor_limit();

// Keeps memory out of core files, since keys are in it, wherever on the heap they are or were. With
// this filter (core(5)) a core has no memory at all, also when the kernel hands it to a program,
// which RLIMIT_CORE does not keep it from. A debugger of the same user still works: that user may
// read the key files as well. Logs a warning when it can't be done.
void keep_keys_out_of_cores();

// Logs a warning when the process runs as root, which nothing here needs.
void warn_of_root();

}  // namespace cli
