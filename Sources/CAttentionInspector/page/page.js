// The controls, and what ties everything together.

const controls = document.getElementById("controls");
const status = document.getElementById("status");
const hint = status.textContent;
const written = document.getElementById("written");
let hovered = null;  // the token or pair under the pointer or the keyboard's focus

function currentFocus() {
  if (hovered) return hovered;
  if (state.step > 0) return {side: "query", index: state.step - 1};
  return state.pin;
}

function setFocus(focus) {
  hovered = focus;
  highlight();
  pairing?.pointed(window.frameElement, spelt(focus));
}

function highlight() {
  const focus = currentFocus();
  if (state.view === "links") highlightLinks(focus);
  if (state.view === "matrix") highlightMatrix(focus);
  if (structurePanes[state.view]) highlightStructure(focus);
  if (state.view === "picture") highlightOverlay(focus);
  renderReasons();
  status.textContent = sentenceOf(focus) || hint;
}

function pin(token) {
  const isSame = state.pin?.side === token.side && state.pin.index === token.index;
  change({pin: isSame ? null : token, step: 0});
}

// Changes the state, the page and the address.
function change(changes) {
  Object.assign(state, changes);
  render();
  remember();
}

// Shows the view of an address.
function show(fragment) {
  Object.assign(state, stateOf(fragment));
  render();
}

function render() {
  compute();
  renderControls();
  renderWritten();
  renderBeam();
  for (const view of views) document.getElementById(view).hidden = view !== state.view;
  ({links: renderLinks, matrix: renderMatrix, grid: renderGrid, map: renderMap, picture: renderOverlay})[state.view]?.();
  if (structurePanes[state.view]) renderStructure();
  highlight();
  renderTour();
}

function options(select, entries, value) {
  select.replaceChildren(...entries.map(([value, text]) => element("option", {value, textContent: text})));
  select.value = value;
}

function renderControls() {
  const {part} = shown, fields = controls.elements;
  options(fields.kind, trace.attention.map(({kind}) => [kind, kindNames[kind]]), state.kind);
  const layers = part.layers.map((layer, place) => [place, `${layer + 1}`]);
  options(fields.layer, layers.length > 1 ? [...layers, [-1, "mean of all"]] : layers, state.layer);
  for (const choice of fields.view) choice.closest("label").hidden = !isPossible(choice.value, part);
  fields.view.value = state.view;
  options(fields.segments, Object.entries(segmentNames), state.segments);
  const sequences = [trace.sequences[part.queries], trace.sequences[part.keys]];
  fields.segments.closest("label").hidden = !isOfTwoTexts(part);
  fields.words.checked = state.words;
  fields.words.closest("label").hidden = !sequences.some(({words}) => words.some((word, place) => word !== place && word !== null));
  fields.special.checked = state.special;
  fields.special.closest("label").hidden = !sequences.some(({words}) => words.includes(null));
  if (fields.find.value !== state.find) fields.find.value = state.find;
  fields.step.max = shown.rows.length;
  fields.step.value = state.step;
  renderReplay(fields);
  renderHeadToggles();
}

function renderHeadToggles() {
  const place = document.getElementById("heads"), old = [...place.children];
  const {part} = shown;
  if (old.length !== part.heads.length || old[0]?.dataset.kind !== part.kind) {
    place.replaceChildren(...part.heads.map((_, index) => {
      const button = element("button", {type: "button", textContent: headName(part, index), className: `s${colourOf(index)}`});
      Object.assign(button.dataset, {head: index, kind: part.kind});
      button.setAttribute("aria-label", `Head ${headName(part, index)}`);
      button.title = `head ${headName(part, index)}; double click: it alone`;
      return button;
    }));
  }
  for (const button of place.children) {
    button.setAttribute("aria-pressed", state.heads.includes(Number(button.dataset.head)));
  }
}

// The text so far, when it is gone through step by step.
function renderWritten() {
  document.getElementById("step-text").textContent = state.step === 0 ? "all"
    : `${state.step} of ${shown.rows.length}`;
  written.hidden = state.step === 0;
  if (written.hidden) return written.replaceChildren();
  written.replaceChildren(...shown.rows.slice(0, state.step).flatMap(({label, continues}, place) => [
    ...place > 0 && !continues ? [document.createTextNode(" ")] : [],
    // The direction is that of the whole: pieces of a word that are isolated from each other would stand in the wrong order.
    element(place === state.step - 1 ? "b" : "span", {textContent: label})]));
  const likely = trace.sequences[shown.part.queries].likely[shown.rows[state.step - 1].pieces[0]];
  if (likely?.length) written.append(element("small", {textContent: sentenceOfLikely(likely), dir: "ltr"}));
}

// How likely the piece was that stands there, and what else was.
function sentenceOfLikely([[piece, share], ...others]) {
  const percent = share => share < 0.001 ? "under 0.1 %" : `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
  const rest = others.map(([piece, share]) => `${isolated(seen(piece))} ${percent(share)}`).join(", ");
  return `${isolated(seen(piece))}: ${percent(share)}${rest ? `; else ${rest}` : ""}`;
}

controls.addEventListener("submit", event => event.preventDefault());
controls.addEventListener("input", event => {
  const {name, value, checked} = event.target;
  hovered = null;
  if (name === "kind") {
    change({kind: value, ...firstHeads(partOf(value)), pin: null, step: 0, area: null, segments: "all"});
  } else if (name === "layer") {
    change({layer: Number(value)});
  } else if (name === "view") {
    change({view: value});
  } else if (name === "segments") {
    change({segments: value, pin: null, step: 0, area: null});
  } else if (name === "words" || name === "special") {
    change({[name]: checked, pin: null, step: 0, area: null});
  } else if (name === "step") {
    change({step: Number(value)});
  } else if (name === "moment") {
    stopReplay();
    change({moment: Number(value)});
  } else if (name === "find") {
    find(value);
  }
});

// Marks the tokens that hold a text and turns to the first of them.
function find(text) {
  state.find = text;
  for (const side of ["query", "key"]) {
    const first = tokens(side).findIndex(isFound);
    if (first >= 0) linkWindow[side] = first - 3;
  }
  const first = shown.rows.findIndex(isFound);
  change({pin: first >= 0 ? {side: "query", index: first} : state.pin});
}

document.getElementById("heads").addEventListener("click", event => {
  const button = event.target.closest("button");
  if (!button) return;
  const head = Number(button.dataset.head), isOn = state.heads.includes(head);
  const heads = isOn ? state.heads.filter(other => other !== head) : [...state.heads, head].sort((a, b) => a - b);
  change({heads});
});
document.getElementById("heads").addEventListener("dblclick", event => {
  const button = event.target.closest("button");
  if (!button) return;
  const head = Number(button.dataset.head), isAlone = state.heads.length === 1 && state.heads[0] === head;
  change({heads: isAlone ? shown.part.heads.map((_, place) => place) : [head]});
});
document.getElementById("all-heads").addEventListener("click", () =>
  change({heads: shown.part.heads.map((_, place) => place)}));
document.getElementById("save-svg").addEventListener("click", () =>
  download(new Blob([pictureAsSVG()], {type: "image/svg+xml"}), "svg"));
document.getElementById("save-png").addEventListener("click", async () => download(await pictureAsPNG(), "png"));
matrixPane.querySelector(".zoom").addEventListener("click", event => {
  const factor = event.target.dataset.zoom;
  if (factor) factor === "all" ? change({area: null}) : zoom(Number(factor));
});
document.addEventListener("keydown", event => {
  if (event.key === "Escape") {
    hovered = null;
    change({pin: null, step: 0, find: ""});
  }
});
window.addEventListener("hashchange", () => show(location.hash));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", render);

document.querySelector(".still")?.remove();
for (const part of document.querySelectorAll("#controls, #status, main")) part.hidden = false;
show(pairing ? pairing.fragment(window.frameElement) : location.hash);

// For the page around this one; and for tests: what is drawn, and where.
window.inspector = {
  show, follow, point,
  svg: pictureAsSVG, png: pictureAsPNG, area: areaShown, fragment: () => fragmentOf(state), tour: () => state.tour,
  // Where on the screen the middle of a cell is.
  place(query, key) {
    const [x, y] = cellPlace(query, key), box = matrixCover.getBoundingClientRect();
    return [box.x + x, box.y + y];
  },
  // The colour of a cell, and those of weights of 0 and of the greatest.
  cell(query, key) {
    const context = matrixCanvas.getContext("2d", {willReadFrequently: true});
    const scale = matrixCanvas.width / parseFloat(matrixCanvas.style.width), [x, y] = cellPlace(query, key);
    const colour = name => themeColour(name).match(/[0-9a-f]{2}/gi).map(digits => parseInt(digits, 16));
    return [[...context.getImageData(x * scale, y * scale, 1, 1).data], colour("--panel"), colour("--heat")];
  },
};
document.documentElement.dataset.ready = "true";
pairing?.ready(window.frameElement);
