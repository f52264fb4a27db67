// The picture that is looked at, or the spectrogram of what is heard, with the weights of what is in focus laid over it.

const overlayPane = document.getElementById("picture");
const tileSize = 2;  // pixels that a tile has at least; of smaller places the greatest weight is shown

function pictureOf(part) { return trace.sequences[part.keys].picture; }

// Where the picture looks at itself, its places look; else they are only looked at.
function placeSide() { return shown.part.queries === shown.part.keys ? "query" : "key"; }

// The size that the picture is seen in, whatever its own; one that is very long is drawn out.
function overlaySize({width, height}) {
  const limited = (length, least, most) => Math.round(Math.max(least, Math.min(most, length)));
  const across = limited(480 * Math.sqrt(width / height), 240, 880);
  return [across, limited(across * height / width, 64, 960)];
}

// How many pixels the axis below the spectrogram of a sound takes.
function axisHeight({seconds}) { return seconds ? 22 : 0; }

// Of an axis this long the moments that are named: as many as have room, at round numbers of seconds.
function ticksOf(seconds, width) {
  const step = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600].find(step => step * width / seconds >= 48) ?? seconds;
  // What remains above a whole number of steps is rounding.
  return Array.from({length: Math.floor(seconds / step + 1e-6) + 1}, (_, place) => Number((place * step).toFixed(1)));
}

function axisAsSVG({seconds}, width, height) {
  if (!seconds) return [];
  const quiet = themeColour("--quiet");
  return ticksOf(seconds, width).flatMap(tick => {
    const x = (12 + width * tick / seconds).toFixed(1);
    return [`<path d="M${x} ${height + 12}v5" stroke="${quiet}"/>`,
      svgText(`${tick} s`, x, height + 26, ' text-anchor="middle" class="axis"')];
  });
}

// What stands before the places: the picture as a whole, registers.
function firstPlace(side) {
  const {rows, columns} = pictureOf(shown.part), {queries, keys} = shown.part;
  return trace.sequences[side === "query" ? queries : keys].labels.length - rows * columns;
}

// For each place of the grid, row by row as it is drawn, its token on a side; undefined where it is hidden.
function tokensOfPlaces(side) {
  const {rows, columns, order} = pictureOf(shown.part), first = firstPlace(side);
  const found = new Array(rows * columns);
  tokens(side).forEach(({pieces}, index) => pieces.forEach(piece => {
    if (piece < first) return;
    const row = Math.floor((piece - first) / columns), column = (piece - first) % columns;
    found[(order === "upwards" ? rows - 1 - row : row) * columns + column] = index;
  }));
  return found;
}

// Whose weights are laid over it: of a place that is only looked at, those of what is pinned or being written; of nothing, the mean.
function overlayFocus(focus) {
  if (focus?.side === "pair") return {side: "query", index: focus.query};
  if (focus?.side === "query" || focus && placeSide() === "query") return focus;
  if (state.step > 0) return {side: "query", index: state.step - 1};
  return state.pin?.side === "query" ? state.pin : null;
}

// What follows from what is shown, worked out once: the tokens of places on either side, and the mean of all that look.
let overlay = null;

function overlayOf(shown) {
  if (overlay?.shown !== shown) {
    const key = tokensOfPlaces("key");
    overlay = {shown, key, query: placeSide() === "query" ? tokensOfPlaces("query") : [], mean: meanRow()};
  }
  return overlay;
}

function meanRow() {
  const {rows, columns, mean} = shown, sums = new Float32Array(columns.length);
  rows.forEach((_, row) => columns.forEach((_, column) => { sums[column] += mean[row * columns.length + column] / rows.length; }));
  return sums;
}

// The weights of the places as they are drawn, and what there is to say of them.
function overlayWeights(focus) {
  const looking = overlayFocus(focus), side = looking ? otherSide(looking.side) : "key";
  const all = looking ? weightsAt(shown.mean, looking) : overlayOf(shown).mean;
  const places = Float32Array.from(overlayOf(shown)[side], index => all[index] ?? 0);
  const {omitted} = trace.sequences[shown.part.keys];
  const whole = all.reduce((sum, weight) => sum + weight, 0), inside = places.reduce((sum, weight) => sum + weight, 0);
  const name = looking ? isolated(tokens(looking.side)[looking.index].label) : "all that look, their mean";
  return {
    places, greatest: fullShade(greatestOf(places)),
    title: `${name} ${side === "key" ? "→" : "←"}` + (whole - inside > 5e-4 ? ` · not of the picture: ${(whole - inside).toFixed(3)}` : "")
      + (side === "key" && omitted ? ` · silence behind it, left out: ${Math.max(0, 1 - whole).toFixed(3)}` : ""),
  };
}

function overlayAsSVG() {
  const picture = pictureOf(shown.part), [width, height] = overlaySize(picture);
  const focus = currentFocus(), weights = overlayWeights(focus), side = placeSide(), first = side === "query" ? firstPlace("query") : Infinity;
  const words = shown.rows.map((token, index) => ({token, index})).filter(({token}) => token.pieces[0] < first).slice(0, windowSize);
  let [x, y] = [12, height + 62 + axisHeight(picture)];
  const labels = words.map(({token, index}) => {
    const wide = textWidth(marked(token)) + 18;
    if (x > 12 && x + wide > width + 12) [x, y] = [12, y + 24];
    const text = wordAsSVG(token, "query", index, x, y);
    x += wide;
    return text;
  });
  const image = Object.entries({
    x: 12, y: 12, width, height, opacity: 0.6, preserveAspectRatio: "none", href: `data:image/png;base64,${picture.png}`,
    style: width > 4 * picture.width ? "image-rendering: pixelated" : "",
  }).map(([name, value]) => `${name}="${value}"`).join(" ");
  return svgDocument(width + 24, y + 22, [
    `<image ${image}/>`, ...axisAsSVG(picture, width, height), `<g class="heat">${heatAsSVG(weights)}</g>`, `<g class="marks">${marksAsSVG(focus, weights)}</g>`,
    `<rect class="places" x="12" y="12" width="${width}" height="${height}" fill="transparent" tabindex="0" role="application" `
      + `aria-label="Places of the picture: move with the arrow keys"/>`,
    ...labels]);
}

function overlayTile(left, top, wide, high, more) {
  return `<rect x="${left.toFixed(2)}" y="${top.toFixed(2)}" width="${wide.toFixed(2)}" height="${high.toFixed(2)}" ${more}/>`;
}

// How many tiles there are: one a place, or fewer that can be seen.
function overlayTiles({rows, columns, ...picture}) {
  const [width, height] = overlaySize(picture);
  return [Math.min(rows, Math.floor(height / tileSize)), Math.min(columns, Math.floor(width / tileSize))];
}

// How opaque each tile is.
function heatOf({places, greatest}) {
  const picture = pictureOf(shown.part), {rows, columns} = picture;
  return Array.from(pooled(places, columns, 0, rows, 0, columns, ...overlayTiles(picture)),
    weight => (0.85 * Math.min(1, weight / greatest)).toFixed(4));
}

function heatAsSVG(weights) {
  const picture = pictureOf(shown.part), [width, height] = overlaySize(picture), [down, across] = overlayTiles(picture);
  const heat = themeColour("--heat");
  return heatOf(weights).map((opacity, place) => overlayTile(
    12 + place % across * width / across, 12 + Math.floor(place / across) * height / down, width / across, height / down,
    `fill="${heat}" fill-opacity="${opacity}" data-place="${place}"`)).join("\n");
}

// The outline of the place in focus, and the scale below.
function marksAsSVG(focus, {greatest, title}) {
  const picture = pictureOf(shown.part), {rows, columns} = picture, [width, height] = overlaySize(picture);
  const [heat, mark, panel] = ["--heat", "--mark", "--panel"].map(themeColour), shapes = [];
  const at = focus?.side === placeSide() ? overlayOf(shown)[focus.side].indexOf(focus.index) : -1;
  if (at >= 0) {
    shapes.push(overlayTile(12 + at % columns * width / columns, 12 + Math.floor(at / columns) * height / rows,
      Math.max(3, width / columns), height / rows, `class="at" fill="none" stroke="${mark}" stroke-width="2"`));
  }
  const scale = height + 30 + axisHeight(picture);
  shapes.push(svgText("0", 12, scale));
  [0, 0.25, 0.5, 0.75, 1].forEach((share, step) => shapes.push(
    overlayTile(26 + 16 * step, scale - 7, 14, 14, `fill="${panel}"`),
    overlayTile(26 + 16 * step, scale - 7, 14, 14, `fill="${heat}" fill-opacity="${0.85 * share}"`)));
  const [down, across] = overlayTiles(picture);
  const tiles = down < rows || across < columns ? " · a tile is the greatest of several" : "";
  shapes.push(svgText(`${Number(greatest.toPrecision(3))}   ${title}${tiles}`, 112, scale, ' class="scale"'));
  return shapes.join("\n");
}

function renderOverlay() {
  const had = overlayPane.contains(document.activeElement) ? document.activeElement : null;
  const again = had?.dataset.index ? `[data-index="${had.dataset.index}"]` : ".places";
  overlayPane.innerHTML = overlayAsSVG();
  // Its places and words can be reached, unlike those of a picture.
  overlayPane.firstElementChild.setAttribute("role", "group");
  overlayPane.querySelector("[data-side]")?.setAttribute("tabindex", "0");
  if (had) overlayPane.querySelector(again)?.focus();
}

function highlightOverlay(focus) {
  const heat = overlayPane.querySelector(".heat");
  if (!heat) return;  // it is being drawn
  const weights = overlayWeights(focus), tiles = heat.children;
  // What stays as it is need not be drawn again.
  heatOf(weights).forEach((opacity, place) => {
    if (tiles[place].getAttribute("fill-opacity") !== opacity) tiles[place].setAttribute("fill-opacity", opacity);
  });
  overlayPane.querySelector(".marks").innerHTML = marksAsSVG(focus, weights);
  const looking = overlayFocus(focus);
  for (const {dataset, classList} of overlayPane.querySelectorAll("[data-side]")) {
    classList.toggle("on", looking?.side === "query" && looking.index === Number(dataset.index));
  }
}

// The place in focus, that which was last, or the first.
let lastPlace = 0;

// The token of the place, or of the word, that the pointer is at; the place is that to which the focus comes back.
function overlayTokenAt({target, clientX, clientY}) {
  if (!target.classList?.contains("places")) return tokenOf(target);
  const {rows, columns} = pictureOf(shown.part), box = target.getBoundingClientRect(), side = placeSide();
  const limited = (share, count) => Math.max(0, Math.min(count - 1, Math.floor(share * count)));
  lastPlace = limited((clientY - box.y) / box.height, rows) * columns + limited((clientX - box.x) / box.width, columns);
  const index = overlayOf(shown)[side][lastPlace];
  return index === undefined ? null : {side, index};
}

function focusPlace(place) {
  const side = placeSide(), index = overlayOf(shown)[side][place];
  lastPlace = place;
  if (index !== undefined) setFocus({side, index});
}

function pointAtOverlay(event) {
  const token = overlayTokenAt(event);
  if (token?.side !== hovered?.side || token?.index !== hovered?.index) setFocus(token);
}

overlayPane.addEventListener("pointerdown", pointAtOverlay);
overlayPane.addEventListener("pointermove", pointAtOverlay);
overlayPane.addEventListener("pointerleave", () => setFocus(null));
overlayPane.addEventListener("focusin", ({target}) => {
  if (target.classList.contains("places")) focusPlace(Math.min(lastPlace, overlayOf(shown).key.length - 1));
  else setFocus(tokenOf(target));
});
overlayPane.addEventListener("focusout", () => setFocus(null));
overlayPane.addEventListener("click", event => {
  const token = overlayTokenAt(event);
  if (token) pin(token);
});
overlayPane.addEventListener("keydown", event => {
  const step = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1]}[event.key];
  if (!step && event.key !== "Enter") return;
  event.preventDefault();
  if (!step) {
    if (hovered) pin(hovered);
  } else if (event.target.classList.contains("places")) {
    const {rows, columns} = pictureOf(shown.part), limited = (value, count) => Math.max(0, Math.min(count - 1, value));
    focusPlace(limited(Math.floor(lastPlace / columns) + step[0], rows) * columns + limited(lastPlace % columns + step[1], columns));
  } else {
    const words = [...overlayPane.querySelectorAll("[data-side]")];
    words[words.indexOf(event.target) + step[0] + step[1]]?.focus();
  }
});
