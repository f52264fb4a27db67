// What structured attention has found: arcs over the words of a text, segments of what is read. One picture for the screen and for files.

const structurePanes = {arcs: document.getElementById("arcs"), segments: document.getElementById("segments")};
const leastArc = 0.1;   // what weighs less has no arc
const readShare = 0.5;  // what is read with this probability belongs to a segment

// Arcs are of a text that looks at itself, segments of attention that chooses them, a picture of what has places on one.
function isPossible(view, part) {
  return {
    arcs: part.queries === part.keys, segments: part.structure === "segments", picture: Boolean(pictureOf(part)),
  }[view] ?? true;
}

function renderStructure() {
  const pane = structurePanes[state.view];
  pane.innerHTML = pictureAsSVG();
  // Its words can be reached, unlike those of a picture.
  pane.firstElementChild.setAttribute("role", "group");
  for (const side of ["query", "key"]) pane.querySelector(`[data-side=${side}]`)?.setAttribute("tabindex", "0");
}

function textWidth(label) {
  const context = matrixCanvas.getContext("2d");
  context.font = '13px system-ui, "Noto Sans", sans-serif';
  return context.measureText(label).width;
}

function widest(tokens) { return tokens.reduce((widest, token) => Math.max(widest, textWidth(marked(token))), 0); }

function wordAsSVG(token, side, index, x, y, more = "") {
  return svgText(marked(token), x, y, `${more} role="button" tabindex="-1" data-side="${side}" data-index="${index}"`);
}

// From each word to those it looks at, where a square stands, as strong as the weight.
function arcsPicture() {
  const words = shown.rows.slice(0, windowSize), colour = themeColour("--s0");
  let edge = 24;
  const centres = words.map(token => {
    const start = edge, width = textWidth(marked(token));
    edge += width + 18;
    return start + width / 2;
  });
  const arcs = words.flatMap((_, query) => words.flatMap((_, key) => {
    const weight = weightBetween(shown.mean, query, key);
    return query !== key && weight >= leastArc ? [{query, key, weight, rise: 18 + 35.2 * Math.sqrt(Math.abs(query - key))}] : [];
  }));
  // A cubic curve reaches three quarters of the way to its control points.
  const ground = 24 + 0.75 * arcs.reduce((highest, {rise}) => Math.max(highest, rise), 0);
  const shapes = arcs.flatMap(({query, key, weight, rise}) => {
    // Those that leave and those that arrive stand a little apart.
    const side = query < key ? 3 : -3, from = centres[query] + side, to = centres[key] - side;
    const opacity = Math.min(1, weight).toFixed(3), data = `data-query="${query}" data-key="${key}"`;
    return [
      `<path d="M${from} ${ground}C${from} ${ground - rise} ${to} ${ground - rise} ${to} ${ground}" fill="none" stroke="${colour}" `
        + `stroke-width="2.5" stroke-opacity="${opacity}" ${data}/>`,
      `<rect x="${to - 2.5}" y="${ground - 1}" width="5" height="5" fill="${colour}" fill-opacity="${opacity}" ${data}/>`,
    ];
  });
  words.forEach((word, index) => shapes.push(wordAsSVG(word, "query", index, centres[index], ground + 18, ' text-anchor="middle"')));
  return svgDocument(edge + 6, ground + 40, shapes);
}

// Where a row reads neighbours together: from the first of them to behind the last.
function segmentsOf(weights) {
  const found = [];
  weights.forEach((weight, key) => {
    if (weight < readShare) return;
    if (found.at(-1)?.[1] === key) found.at(-1)[1] = key + 1;
    else found.push([key, key + 1]);
  });
  return found;
}

function segmentsPicture() {
  const [rows, columns] = [shown.rows.slice(0, windowSize), shown.columns.slice(0, windowSize)], cell = 26, step = 34;
  const left = 28 + widest(rows), top = 24 + 0.77 * widest(columns), [heat, mark] = [themeColour("--heat"), themeColour("--mark")];
  const shapes = rows.flatMap((_, query) => {
    const weights = weightsAt(shown.mean, {side: "query", index: query}).subarray(0, columns.length), y = top + step * query;
    return [
      ...[...weights].map((weight, key) => `<rect x="${left + cell * key}" y="${y}" width="${cell - 1}" height="20" fill="${heat}" `
        + `fill-opacity="${Math.min(1, weight).toFixed(3)}" data-query="${query}" data-key="${key}"/>`),
      ...segmentsOf(weights).map(([start, end]) => `<rect x="${left + cell * start}" y="${y + 22}" width="${cell * (end - start) - 1}" `
        + `height="5" rx="2" fill="${mark}" data-query="${query}" data-start="${start}" data-end="${end}"/>`),
    ];
  });
  rows.forEach((row, index) => shapes.push(wordAsSVG(row, "query", index, left - 8, top + step * index + 10, ' text-anchor="end"')));
  columns.forEach((column, index) => {
    const [x, y] = [left + cell * (index + 0.5), top - 8];
    shapes.push(wordAsSVG(column, "key", index, x, y, ` transform="rotate(-50 ${x} ${y})"`));
  });
  return svgDocument(left + cell * columns.length + 0.65 * widest(columns) + 20, top + step * rows.length + 12, shapes);
}

function highlightStructure(focus) {
  const pane = structurePanes[state.view];
  pane.classList.toggle("focused", Boolean(focus));
  const isOn = ({side, index, query, key}) => focus && (side ? focus.side === side && focus.index === Number(index)
    : focus.side === "pair" ? focus.query === Number(query) && focus.key === Number(key)
      : focus.index === Number(focus.side === "query" ? query : key));
  for (const shape of pane.querySelectorAll("[data-query], [data-side]")) shape.classList.toggle("on", Boolean(isOn(shape.dataset)));
}

for (const pane of Object.values(structurePanes)) {
  const turnTo = ({side, index}) => pane.querySelector(`[data-side=${side}][data-index="${index}"]`)?.focus();
  pane.addEventListener("pointerover", event => setFocus(tokenOf(event.target)));
  pane.addEventListener("pointerleave", () => setFocus(null));
  pane.addEventListener("focusin", event => setFocus(tokenOf(event.target)));
  pane.addEventListener("focusout", () => setFocus(null));
  pane.addEventListener("click", event => {
    const token = tokenOf(event.target);
    if (token) pin(token);
  });
  pane.addEventListener("keydown", event => {
    const token = tokenOf(event.target), step = {ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1}[event.key];
    if (!token || !step && event.key !== "Enter") return;
    event.preventDefault();
    if (!step) pin(token);
    turnTo({...token, index: token.index + (step ?? 0)});
  });
}
