#include "check.h"

/// Each loop's sum says that it did as many multiply-adds as it says.
void check_ceilings(const attn_kernels *tested, const attn_kernels *scalar, size_t offset) {
    (void)scalar, (void)offset;
    for (size_t precision = 0; precision < attn_precision_count; precision++) {
        double sum = 0;
        const double once = tested->ceilings[precision](&sum, 2, 3, 1000);
        CHECK(once > 0 && sum == 6 * once, "precision %zu: %g multiply-adds make %g", precision, once, sum);
        const double twice = tested->ceilings[precision](&sum, 1, 4, 2000);
        CHECK(twice == 2 * once && sum == 4 * twice, "precision %zu: %g multiply-adds make %g", precision, twice, sum);
    }
}
