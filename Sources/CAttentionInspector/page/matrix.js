// The mean of the heads that are on, as a shaded matrix; of many tokens, tiles that show their greatest weight, exact when zoomed in.

const matrixPane = document.getElementById("matrix");
const [matrixCanvas, matrixCover] = matrixPane.querySelectorAll("canvas");
const labelLimit = 120;   // so many words fit beside a side
let matrixLayout = null;  // {area, cell, left, top, tilesDown, tilesAcross}

function areaShown() { return state.area ?? [0, shown.rows.length, 0, shown.columns.length]; }

function themeColour(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

function renderMatrix() {
  const area = areaShown(), [top, bottom, left, right] = area;
  const [down, across] = [bottom - top, right - left];
  const room = Math.max(240, Math.min(860, matrixPane.clientWidth - 40));
  const hasLabels = Math.max(down, across) <= labelLimit;
  const context = matrixCanvas.getContext("2d");
  const font = '13px system-ui, "Noto Sans", sans-serif';
  context.font = font;
  const labels = side => hasLabels
    ? tokens(side).slice(side === "query" ? top : left, side === "query" ? bottom : right).map(marked) : [];
  const widthOf = list => list.reduce((widest, text) => Math.max(widest, context.measureText(text).width), 0);
  const besides = Math.min(200, widthOf(labels("query"))) + 12, above = Math.min(160, 0.77 * widthOf(labels("key"))) + 16;
  const cell = Math.max(1, Math.min(28, hasLabels ? Math.max(11, (room - besides) / across) : room / Math.max(down, across)));
  const tilesAcross = Math.min(across, Math.max(1, Math.floor(room))), tilesDown = Math.min(down, Math.max(1, Math.floor(room)));
  matrixLayout = {
    area, left: hasLabels ? besides : 8, top: hasLabels ? above : 8, tilesDown, tilesAcross,
    width: Math.max(1, across === tilesAcross ? cell * across : tilesAcross),
    height: Math.max(1, down === tilesDown ? cell * down : tilesDown),
  };
  const width = Math.ceil(matrixLayout.left + matrixLayout.width + (hasLabels ? 110 : 8));
  const height = Math.ceil(matrixLayout.top + matrixLayout.height + 8);
  const scale = window.devicePixelRatio || 1;
  for (const canvas of [matrixCanvas, matrixCover]) {
    [canvas.width, canvas.height] = [width * scale, height * scale];
    [canvas.style.width, canvas.style.height] = [`${width}px`, `${height}px`];
    canvas.getContext("2d").scale(scale, scale);
  }
  drawTiles(context);
  if (hasLabels) drawLabels(context, font, labels("query"), labels("key"));
  matrixCanvas.setAttribute("aria-label", `Matrix of ${shown.rows.length} by ${shown.columns.length} weights`);
  matrixPane.querySelector(".area").textContent = state.area || tilesAcross < across
    ? `rows ${top + 1}–${bottom}, columns ${left + 1}–${right}` + (tilesAcross < across || tilesDown < down
      ? ": each dot is the greatest of several weights; zoom in to see each" : "") : "";
  matrixPane.querySelector(".legend b").textContent = Number(shown.greatest.toPrecision(3));
  highlightMatrix(currentFocus());
}

function drawTiles(context) {
  const {area: [top, bottom, left, right], tilesDown, tilesAcross} = matrixLayout;
  const tiles = pooled(shown.mean, shown.columns.length, top, bottom, left, right, tilesDown, tilesAcross);
  const [x, y, across, down] = [
    matrixLayout.left, matrixLayout.top, matrixLayout.width / tilesAcross, matrixLayout.height / tilesDown];
  context.fillStyle = themeColour("--panel");
  context.fillRect(x, y, matrixLayout.width, matrixLayout.height);
  context.fillStyle = themeColour("--heat");
  const gap = across >= 8 ? 1 : 0;
  for (let row = 0; row < tilesDown; row++) {
    for (let column = 0; column < tilesAcross; column++) {
      const shade = Math.min(1, tiles[row * tilesAcross + column] / shown.greatest);
      if (shade < 0.004) continue;
      context.globalAlpha = shade;
      context.fillRect(x + column * across, y + row * down, across - gap, down - gap);
    }
  }
  context.globalAlpha = 1;
}

function drawLabels(context, font, rows, columns) {
  const {left, top, width, height} = matrixLayout;
  context.font = font;
  context.fillStyle = themeColour("--ink");
  context.textBaseline = "middle";
  context.textAlign = "right";
  rows.forEach((label, row) => context.fillText(label, left - 8, top + height * (row + 0.5) / rows.length, left - 12));
  context.textAlign = "left";
  columns.forEach((label, column) => {
    context.save();
    context.translate(left + width * (column + 0.5) / columns.length, top - 8);
    context.rotate(-50 * Math.PI / 180);
    context.fillText(label, 0, 0, 200);
    context.restore();
  });
}

// The row, column or cell in focus, on the canvas above: quick, whatever the matrix below holds.
function highlightMatrix(focus) {
  const context = matrixCover.getContext("2d");
  context.clearRect(0, 0, matrixCover.width, matrixCover.height);
  if (!focus || !matrixLayout) return;
  const {area: [top, bottom, left, right], width, height} = matrixLayout;
  context.strokeStyle = themeColour("--mark");
  context.lineWidth = 2;
  const [down, across] = [height / (bottom - top), width / (right - left)];
  const row = focus.side === "query" ? focus.index : focus.query, column = focus.side === "key" ? focus.index : focus.key;
  const [x, y] = [matrixLayout.left, matrixLayout.top];
  if (row >= top && row < bottom) context.strokeRect(x, y + (row - top) * down, width, Math.max(2, down));
  if (column >= left && column < right) context.strokeRect(x + (column - left) * across, y, Math.max(2, across), height);
}

// Where on the canvas the middle of a cell is.
function cellPlace(query, key) {
  const {area: [top, bottom, left, right], width, height} = matrixLayout;
  return [
    matrixLayout.left + width * (key - left + 0.5) / (right - left),
    matrixLayout.top + height * (query - top + 0.5) / (bottom - top),
  ];
}

function cellAt(event) {
  if (!matrixLayout) return null;
  const {area: [top, bottom, left, right], width, height} = matrixLayout;
  const place = matrixCover.getBoundingClientRect();
  const across = (event.clientX - place.left - matrixLayout.left) / width;
  const down = (event.clientY - place.top - matrixLayout.top) / height;
  if (across >= 1 || down >= 1 || (across < 0 && down < 0)) return null;
  const query = top + Math.floor(down * (bottom - top)), key = left + Math.floor(across * (right - left));
  if (across < 0) return {side: "query", index: query};
  if (down < 0) return {side: "key", index: key};
  return {side: "pair", query, key};
}

function zoom(factor, centre) {
  const [top, bottom, left, right] = areaShown();
  const {query, key} = centre ?? {query: (top + bottom) / 2, key: (left + right) / 2};
  const part = (low, high, middle, count) => {
    const length = Math.max(Math.min(8, count), Math.min(count, Math.round((high - low) * factor)));
    const start = Math.max(0, Math.min(count - length, Math.round(middle - length / 2)));
    return [start, start + length];
  };
  const area = [...part(top, bottom, query, shown.rows.length), ...part(left, right, key, shown.columns.length)];
  const isAll = area[0] === 0 && area[1] === shown.rows.length && area[2] === 0 && area[3] === shown.columns.length;
  change({area: isAll ? null : area});
}

matrixCover.addEventListener("pointermove", event => setFocus(cellAt(event)));
matrixCover.addEventListener("pointerleave", () => setFocus(null));
matrixCover.addEventListener("click", event => {
  const cell = cellAt(event);
  if (cell) pin(cell.side === "pair" ? {side: "query", index: cell.query} : cell);
});
matrixCover.addEventListener("dblclick", event => {
  const cell = cellAt(event);
  if (cell?.side === "pair") zoom(0.5, cell);
});
matrixCover.addEventListener("keydown", event => {
  const step = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1]}[event.key];
  const [top, bottom, left, right] = areaShown();
  const now = currentFocus()?.side === "pair" ? currentFocus() : {query: top, key: left - (step?.[1] ? 1 : 0)};
  if (step) {
    event.preventDefault();
    setFocus({
      side: "pair", query: Math.max(top, Math.min(bottom - 1, now.query + step[0])),
      key: Math.max(left, Math.min(right - 1, now.key + step[1])),
    });
  } else if (event.key === "Enter") {
    pin({side: "query", index: now.query});
  } else if (event.key === "+") {
    zoom(0.5, now);
  } else if (event.key === "-") {
    zoom(2, now);
  }
});
