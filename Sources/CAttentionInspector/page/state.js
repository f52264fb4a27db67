// What is chosen, what follows from it, and how it stands in the address.

const kindNames = {
  encoder: "Encoder: the text looks at itself", decoder: "Decoder: what is written looks back",
  cross: "Cross: what is written looks at the source", alignment: "Alignment of words",
};
const views = ["links", "matrix", "grid", "map", "arcs", "segments", "picture"];
const segmentNames = {all: "both texts", aa: "A looks at A", ab: "A looks at B", ba: "B looks at A", bb: "B looks at B"};

const state = {};
let shown = {};  // what follows from the state: part, rows, columns, heads with their weights, and the mean of those that are on

function partOf(kind) { return trace.attention.find(part => part.kind === kind); }

function isOfTwoTexts(part) {
  return [part.queries, part.keys].every(place => trace.sequences[place].segments.includes(1));
}

function firstState() {
  // Where someone has asked why, the head that looks there most.
  const [asked] = [...trace.reasons].sort((a, b) => b.weight - a.weight);
  const part = (asked && partOf(asked.kind)) ?? (trace.map && partOf(trace.map.kind)) ?? trace.attention.find(part => part.chosen) ?? partOf("cross") ?? trace.attention[0];
  const first = {
    kind: part.kind, ...firstHeads(part), view: firstView(part), words: false, special: true, segments: "all", pin: null,
    step: 0, find: "", area: null, tour: "",
    moment: Math.max(0, trace.moments.length - 1),
  };
  return asked ? {
    ...first, layer: part.layers.indexOf(asked.layer), heads: [part.heads.indexOf(asked.head)],
    pin: {side: "query", index: asked.query},
  } : first;
}

function firstView(part) {
  return trace.map ? "map" : part.structure ?? (pictureOf(part) ? "picture" : "links");
}

// The head that someone knows to be worth showing; else all heads of the last layer.
function firstHeads(part) {
  const layer = part.chosen ? part.layers.indexOf(part.chosen.layer) : part.layers.length - 1;
  const head = part.chosen ? part.heads.indexOf(part.chosen.head) : -1;
  return {layer, heads: head >= 0 ? [head] : part.heads.map((_, place) => place)};
}

// Layers and heads are counted from 1, as on the page.
function fragmentOf(state) {
  const part = partOf(state.kind);
  const fields = {
    kind: state.kind, view: state.view,
    layer: state.layer < 0 ? "mean" : part.layers[state.layer] + 1,
    heads: state.heads.map(head => part.heads[head] + 1).join(","),
    words: state.words ? "1" : "", special: state.special ? "" : "0",
    segments: state.segments === "all" ? "" : state.segments, step: state.step || "",
    pin: state.pin ? `${state.pin.side}.${state.pin.index + 1}` : "", find: state.find,
    area: state.area ? state.area.join(".") : "", tour: state.tour,
    moment: state.moment < trace.moments.length - 1 ? trace.moments[state.moment] : "",
  };
  return "#" + Object.entries(fields).filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
}

// The state that a fragment tells, and of what it does not tell that which is given.
function stateOf(fragment, known = firstState()) {
  const fields = new Map(fragment.slice(1).split("&").map(field => field.split("=")).filter(pair => pair.length === 2)
    .map(([name, value]) => [name, safelyDecoded(value)]));
  const found = {...known};
  const part = partOf(fields.get("kind"));
  if (part) Object.assign(found, {kind: part.kind}, firstHeads(part));
  const own = partOf(found.kind);
  if (views.includes(fields.get("view"))) found.view = fields.get("view");
  if (fields.has("layer")) {
    const layer = own.layers.indexOf(Number(fields.get("layer")) - 1);
    if (layer >= 0 || fields.get("layer") === "mean") found.layer = layer;
  }
  if (fields.has("heads")) {
    const heads = fields.get("heads").split(",").map(head => own.heads.indexOf(Number(head) - 1));
    if (heads.every(head => head >= 0)) found.heads = heads;
  }
  found.words = fields.get("words") === "1";
  found.special = fields.get("special") !== "0";
  if (Object.hasOwn(segmentNames, fields.get("segments"))) found.segments = fields.get("segments");
  found.step = Math.max(0, Math.floor(Number(fields.get("step")) || 0));
  const pin = /^(query|key)\.([0-9]+)$/.exec(fields.get("pin") ?? "");
  if (pin) found.pin = {side: pin[1], index: Number(pin[2]) - 1};
  found.find = fields.get("find") ?? "";
  const area = (fields.get("area") ?? "").split(".").map(Number);
  const moment = trace.moments.indexOf(Number(fields.get("moment") ?? NaN));
  if (moment >= 0) found.moment = moment;
  if (fields.has("tour") && tourCards().some(({name}) => name === fields.get("tour"))) found.tour = fields.get("tour");
  if (area.length === 4 && area.every(Number.isInteger)) found.area = area;
  return found;
}

function safelyDecoded(text) {
  try { return decodeURIComponent(text); } catch { return ""; }
}

// Everything that is drawn, from the state.
function compute() {
  const part = partOf(state.kind);
  if (!isPossible(state.view, part)) state.view = "links";
  const [from, to] = {all: [null, null], aa: [0, 0], ab: [0, 1], ba: [1, 0], bb: [1, 1]}[state.segments];
  const rows = groups(trace.sequences[part.queries], {...state, segment: from});
  const columns = groups(trace.sequences[part.keys], {...state, segment: to});
  const layers = state.layer < 0 ? part.layers.map((_, place) => place) : [state.layer];
  const heads = state.heads.map(head => ({head, weights: weightsOf(part, layers, head, rows, columns, state.moment)}));
  const size = rows.length * columns.length;
  const mean = heads.length ? meanOf(heads.map(({weights}) => weights), size) : new Float32Array(size);
  shown = {part, rows, columns, layers, heads, mean, greatest: fullShade(greatestOf(mean))};
  if (state.pin && state.pin.index >= tokens(state.pin.side).length) state.pin = null;
  state.step = Math.min(state.step, rows.length);
  if (state.area && !isArea(state.area)) state.area = null;
}

// The weight that is shaded fully: the greatest that is seen, but of moments that are compared the greatest that there could be.
function fullShade(greatest) { return trace.moments.length > 1 ? Math.max(1, greatest) : greatest || 1; }

function isArea([top, bottom, left, right]) {
  return 0 <= top && top < bottom && bottom <= shown.rows.length
    && 0 <= left && left < right && right <= shown.columns.length;
}

function tokens(side) { return side === "query" ? shown.rows : shown.columns; }

function otherSide(side) { return side === "query" ? "key" : "query"; }

function weightBetween(matrix, query, key) { return matrix[query * shown.columns.length + key]; }

// The weights between a token and all of the other side.
function weightsAt(matrix, {side, index}) {
  const width = shown.columns.length;
  return side === "query" ? matrix.subarray(index * width, (index + 1) * width)
    : Float32Array.from(shown.rows, (_, row) => matrix[row * width + index]);
}

function strongest(weights, count) {
  return [...weights.keys()].sort((a, b) => weights[b] - weights[a] || a - b).slice(0, count);
}

// A label that stands among others: what runs from right to left turns nothing around it.
function isolated(label) {
  return /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u.test(label) ? `\u2068${label}\u2069` : label;
}

// What is known of a token, or of a pair, in words.
function sentenceOf(focus) {
  if (!focus) return "";
  if (focus.side === "pair") {
    const weight = weightBetween(shown.mean, focus.query, focus.key);
    return `${isolated(shown.rows[focus.query].label)} → ${isolated(shown.columns[focus.key].label)}: ${weight.toFixed(3)}`;
  }
  const weights = weightsAt(shown.mean, focus), others = tokens(otherSide(focus.side));
  const list = strongest(weights, 4).filter(place => weights[place] > 0)
    .map(place => `${isolated(others[place].label)} ${weights[place].toFixed(weights[place] < 0.01 ? 4 : 2)}`);
  return `${isolated(tokens(focus.side)[focus.index].label)} ${focus.side === "query" ? "→" : "←"} ${list.join(" · ")}`;
}
