// Products by a packed B, and what they build on.

#include "vector.h"

#include "functions.h"
#include "packing.h"
#include "tile.h"

#include "dropout.h"
#include "epilogue.h"

#include "arithmetic.h"
#include "units.h"

#include "products.h"
