// What attention in bfloat16 pairs is made of, once the includer has said how blocks are multiplied.

#include "../vector/dropout.h"

#include "../vector/elements.h"
#include "../vector/reductions.h"

#include "../vector/rows.h"

#include "../vector/attention_scores.h"

#include "../vector/attention_runs.h"
#include "../vector/attention_softmax.h"

#include "bfloat16_attention.h"

#include "bfloat16_attention_backward.h"

#include "bfloat16_method.h"
