// What is on the screen as a file: SVG in which text stays text, or PNG.

const seriesColours = () => [0, 1, 2, 3, 4, 5].map(place => themeColour(`--s${place}`));

function escaped(text) {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);
}

function svgText(text, x, y, more = "") {
  return `<text x="${x}" y="${y}" dy=".35em"${more}>${escaped(text)}</text>`;
}

function svgDocument(width, height, shapes) {
  const style = `text { fill: ${themeColour("--ink")}; font: 13px system-ui, "Noto Sans", sans-serif; unicode-bidi: isolate }`;
  return `<svg xmlns="${space}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" `
    + `aria-label="${escaped(trace.name)}"><style>${style}</style>`
    + `<rect width="100%" height="100%" fill="${themeColour("--ground")}"/>${shapes.join("\n")}</svg>\n`;
}

function linksAsSVG() {
  const colours = seriesColours(), step = 22;
  const textWidth = list => Math.ceil(list.reduce((widest, token) => Math.max(widest, 7.4 * marked(token).length), 0));
  const [rows, columns] = ["query", "key"].map(side =>
    tokens(side).slice(linkWindow[side], linkWindow[side] + windowSize));
  const left = 20 + textWidth(rows), right = left + 170, y = place => 20 + step * place;
  const shapes = [...linkPicture.querySelectorAll(currentFocus() ? ".front path" : ".base path")].map(path => {
    const from = y(path.dataset.query - linkWindow.query), to = y(path.dataset.key - linkWindow.key);
    const head = shown.part.heads.indexOf(path.dataset.head - 1);
    return `<path d="M${left + 6} ${from}C${left + 85} ${from} ${left + 85} ${to} ${right - 6} ${to}" fill="none" `
      + `stroke="${colours[colourOf(head)]}" stroke-width="2.5" stroke-opacity="${path.getAttribute("stroke-opacity")}" `
      + `data-head="${path.dataset.head}" data-query="${path.dataset.query}" data-key="${path.dataset.key}"/>`;
  });
  rows.forEach((token, place) => shapes.push(svgText(marked(token), left, y(place), ' text-anchor="end"')));
  columns.forEach((token, place) => shapes.push(svgText(marked(token), right, y(place))));
  return svgDocument(right + textWidth(columns) + 20, y(Math.max(rows.length, columns.length)), shapes);
}

function matrixAsSVG() {
  const [top, bottom, left, right] = areaShown();
  const [down, across] = [Math.min(200, bottom - top), Math.min(200, right - left)];
  const tiles = pooled(shown.mean, shown.columns.length, top, bottom, left, right, down, across);
  const isExact = down === bottom - top && across === right - left;
  const cell = isExact ? 22 : 4, besides = isExact ? 200 : 8, above = isExact ? 160 : 8;
  const shapes = [`<rect x="${besides}" y="${above}" width="${cell * across}" height="${cell * down}" `
    + `fill="${themeColour("--panel")}"/>`];
  tiles.forEach((weight, place) => shapes.push(
    `<rect x="${besides + place % across * cell}" y="${above + Math.floor(place / across) * cell}" width="${cell - 1}" `
    + `height="${cell - 1}" fill="${themeColour("--heat")}" fill-opacity="${(weight / shown.greatest).toFixed(3)}"/>`));
  if (isExact) {
    shown.rows.slice(top, bottom).forEach((token, row) =>
      shapes.push(svgText(marked(token), besides - 8, above + cell * (row + 0.5), ' text-anchor="end"')));
    shown.columns.slice(left, right).forEach((token, column) => {
      const [x, y] = [besides + cell * (column + 0.5), above - 8];
      shapes.push(svgText(marked(token), x, y, ` transform="rotate(-50 ${x} ${y})"`));
    });
  }
  return svgDocument(besides + cell * across + 120, above + cell * down + 8, shapes);
}

function gridAsSVG() {
  const {part, rows, columns} = shown;
  const [down, across] = [Math.min(24, rows.length), Math.min(24, columns.length)], cell = 4;
  const [width, height] = [across * cell + 10, down * cell + 10], shapes = [];
  part.heads.forEach((_, h) => shapes.push(svgText(headName(part, h), 60 + h * width + across * cell / 2, 20)));
  part.layers.forEach((layer, l) => {
    shapes.push(svgText(`${layer + 1}`, 40, 36 + l * height + down * cell / 2, ' text-anchor="end"'));
    part.heads.forEach((_, h) => {
      const tiles = pooled(weightsOf(part, [l], h, rows, columns, state.moment), columns.length, 0, rows.length, 0, columns.length, down, across);
      const greatest = fullShade(greatestOf(tiles));
      tiles.forEach((weight, place) => shapes.push(
        `<rect x="${60 + h * width + place % across * cell}" y="${36 + l * height + Math.floor(place / across) * cell}" `
        + `width="${cell}" height="${cell}" fill="${themeColour("--heat")}" fill-opacity="${(weight / greatest).toFixed(3)}"/>`));
    });
  });
  return svgDocument(70 + part.heads.length * width, 46 + part.layers.length * height, shapes);
}

function mapAsSVG() {
  const [left, top, width, height] = [60, 30, 520, 340], colours = seriesColours(), {points, layers, farthest} = headMap();
  const shapes = [`<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="${themeColour("--panel")}"/>`];
  for (const point of points) {
    const {layer, head, entropy, distance, sinkShare} = point;
    shapes.push(`<circle cx="${(left + width * distance / farthest).toFixed(2)}" cy="${(top + height * (1 - entropy)).toFixed(2)}" `
      + `r="${(4 + 8 * sinkShare).toFixed(2)}" fill="${colours[layers.indexOf(layer) % 6]}" fill-opacity="${strengthOf(point)}" `
      + `data-head="${layer + 1}.${head + 1}"><title>${layer + 1}.${head + 1}${linksOf(point)}</title></circle>`);
  }
  for (const share of [0, 0.5, 1]) {
    shapes.push(svgText(`${share}`, left - 8, top + height * (1 - share), ' text-anchor="end"'));
    shapes.push(svgText((farthest * share).toFixed(1), left + width * share, top + height + 18, ' text-anchor="middle"'));
  }
  shapes.push(svgText(legendOf(points), left, top + height + 44));
  return svgDocument(left + width + 40, top + height + 64, shapes);
}

function pictureAsSVG() {
  return {
    links: linksAsSVG, matrix: matrixAsSVG, grid: gridAsSVG, map: mapAsSVG, arcs: arcsPicture, segments: segmentsPicture,
    picture: overlayAsSVG,
  }[state.view]();
}

function download(blob, ending) {
  const link = element("a", {href: URL.createObjectURL(blob), download: `attention.${ending}`});
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

async function pictureAsPNG() {
  const image = new Image();
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(pictureAsSVG());
  await image.decode();
  const canvas = element("canvas", {width: 2 * image.width, height: 2 * image.height});
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise(resolve => canvas.toBlob(resolve, "image/png"));
}
