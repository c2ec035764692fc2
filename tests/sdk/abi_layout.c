#include "abi_layout.h"

const abi_size abi_sizes_in_c[ABI_SIZE_COUNT] = {ABI_SIZES};
