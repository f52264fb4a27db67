#include "attention_inspector.h"

// #embed is C23, which clang also accepts in earlier modes with a warning.
#pragma clang diagnostic ignored "-Wc23-extensions"

// One module: each file uses what stands in those before it.
static const unsigned char script[] = {
#embed "page/trace.js"
,
#embed "page/state.js"
,
#embed "page/links.js"
,
#embed "page/matrix.js"
,
#embed "page/grid.js"
,
#embed "page/reasons.js"
,
#embed "page/tour.js"
,
#embed "page/replay.js"
,
#embed "page/map.js"
,
#embed "page/structure.js"
,
#embed "page/overlay.js"
,
#embed "page/beam.js"
,
#embed "page/export.js"
,
#embed "page/pairing.js"
,
#embed "page/page.js"
};

// That of the page around two such pages.
static const unsigned char pair_script[] = {
#embed "page/beside.js"
};

static const unsigned char style[] = {
#embed "page/page.css"
};

attn_text attn_inspector_script(void) { return (attn_text){script, sizeof script}; }
attn_text attn_inspector_pair_script(void) { return (attn_text){pair_script, sizeof pair_script}; }
attn_text attn_inspector_style(void) { return (attn_text){style, sizeof style}; }
