// Every head of every layer as a small matrix; one that is chosen opens.

const grid = document.getElementById("grid");
const gridTiles = 48;

function renderGrid() {
  const {part, rows, columns} = shown;
  const [down, across] = [Math.min(gridTiles, rows.length), Math.min(gridTiles, columns.length)];
  grid.style.setProperty("--columns", part.heads.length);
  const header = ["", ...part.heads.map((_, h) => `head ${headName(part, h)}`)].map(text => element("span", {textContent: text}));
  grid.replaceChildren(...header, ...part.layers.flatMap((layer, l) => [
    element("span", {textContent: `layer ${layer + 1}`}),
    ...part.heads.map((_, h) => {
      const button = element("button", {
        type: "button", ariaLabel: `Layer ${layer + 1}, head ${headName(part, h)}`, title: `layer ${layer + 1}, head ${headName(part, h)}`});
      Object.assign(button.dataset, {layer: l, head: h});
      button.classList.toggle("on", (state.layer === l || state.layer < 0) && state.heads.includes(h));
      button.append(thumbnail(weightsOf(part, [l], h, rows, columns, state.moment), rows.length, columns.length, down, across));
      return button;
    }),
  ]));
}

function thumbnail(weights, height, width, down, across) {
  const canvas = document.createElement("canvas");
  const cell = Math.max(1, Math.floor(96 / Math.max(1, down, across)));
  [canvas.width, canvas.height] = [Math.max(1, across * cell), Math.max(1, down * cell)];
  const context = canvas.getContext("2d");
  context.fillStyle = themeColour("--panel");
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = themeColour("--heat");
  const tiles = pooled(weights, width, 0, height, 0, width, down, across), greatest = fullShade(greatestOf(tiles));
  tiles.forEach((weight, place) => {
    context.globalAlpha = Math.min(1, weight / greatest);
    context.fillRect(place % across * cell, Math.floor(place / across) * cell, cell, cell);
  });
  return canvas;
}

function element(name, properties) { return Object.assign(document.createElement(name), properties); }

grid.addEventListener("click", event => {
  const button = event.target.closest("button");
  if (button) change({layer: Number(button.dataset.layer), heads: [Number(button.dataset.head)], view: "links"});
});
