// The kernels written once for every vector width, in the order they build on each other.

#include "packed_products.h"

#include "blocks.h"
#include "direct.h"
#include "elements.h"
#include "product_methods.h"
#include "reductions.h"

#include "rows.h"

#include "norms.h"

#include "additive.h"
#include "attention_scores.h"

#include "attention_rows.h"
#include "attention_runs.h"
#include "attention_softmax.h"

#include "attention.h"

#include "../rounded_attention.h"

#include "attention_backward.h"

#include "depthwise.h"

#include "depthwise_backward.h"

#include "ceilings.h"
#include "formats.h"
#include "pooling.h"
#include "recurrent.h"
#include "training.h"

static void attn_install_vector(attn_kernels *table) {
    attn_install_vector_products(table);
    attn_install_vector_blocks(table);
    attn_install_vector_elements(table);
    attn_install_vector_reductions(table);
    attn_install_vector_rows(table);
    attn_install_vector_norms(table);
    attn_install_vector_recurrent(table);
    attn_install_vector_additive(table);
    attn_install_vector_attention(table);
    attn_install_vector_depthwise(table);
    attn_install_vector_pooling(table);
    attn_install_vector_training(table);
    attn_install_vector_formats(table);
    attn_install_vector_ceilings(table);
}
