// Every head as a point: how far it looks to the right, how widely it spreads upwards, the larger the more it rests at the first token.

const mapPane = document.getElementById("map");
const mapLegend = "right: how many tokens away; up: entropy as a share of the greatest; size: share of the first token";
const mapTokens = 512;  // of a longer text, so many tokens that look are counted, evenly spread
const mapsOfTrace = {};

// Over many texts if the page knows them, else over this one.
function headMap() {
  const {part} = shown;
  const known = trace.map?.kind === part.kind ? trace.map : null;
  const points = known ? known.points.map(([layer, head, entropy, distance, sinkShare, errorRate, agreement]) =>
    ({layer, head, entropy, distance, sinkShare, errorRate, agreement})) : mapsOfTrace[`${part.kind} ${state.moment}`] ??= pointsOf(part);
  return {
    points, texts: known ? known.texts : 1, layers: part.layers,
    farthest: points.reduce((farthest, {distance}) => Math.max(farthest, distance), 1),
  };
}

function pointsOf(part) {
  const [height, width] = [part.queries, part.keys].map(place => trace.sequences[place].labels.length);
  const step = Math.ceil(height / mapTokens);
  return part.layers.flatMap((layer, l) => part.heads.map((head, h) => {
    const sums = {entropy: 0, distance: 0, sinkShare: 0}, start = startOf(part, l, h, state.moment);
    let count = 0;
    for (let query = 0; query < height; query += step, count++) {
      let [whole, logs] = [0, 0];
      for (let key = 0; key < width; key++) {
        const weight = halves[part.bits[start + query * width + key]];
        whole += weight;
        if (weight > 0) logs += weight * Math.log(weight);
        sums.distance += weight * Math.abs(query - key);
      }
      // −Σ p ln p of the shares p = weight / whole.
      if (whole > 0 && width > 1) sums.entropy += (Math.log(whole) - logs / whole) / Math.log(width);
      sums.sinkShare += halves[part.bits[start + query * width]];
    }
    return {layer, head, ...Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / Math.max(1, count)]))};
  }));
}

// How well a head aligns words, where it was compared with links of a translation.
function linksOf({errorRate, agreement}) {
  return errorRate === undefined ? "" : `, alignment error rate ${errorRate.toFixed(2)}, agreement ${agreement.toFixed(2)}`;
}

function strengthOf({errorRate}) { return errorRate === undefined ? 0.75 : Number((1 - 0.8 * errorRate).toFixed(3)); }

function legendOf(points) {
  return mapLegend + (points.some(({errorRate}) => errorRate !== undefined) ? "; strength: 1 − alignment error rate of its links" : "");
}

function renderMap() {
  const {points, texts, layers, farthest} = headMap(), {part} = shown, plot = element("div", {className: "plot"});
  const label = (text, left, top) => {
    const place = element("span", {textContent: text});
    Object.assign(place.style, {left, top});
    return place;
  };
  plot.append(...points.map(point => {
    const {layer, head, entropy, distance, sinkShare} = point;
    const name = headName(part, part.heads.indexOf(head));
    const text = `Layer ${layer + 1}, head ${name}: entropy ${entropy.toFixed(2)}, ${distance.toFixed(1)} tokens away, `
      + `first token ${sinkShare.toFixed(2)}${linksOf(point)}`;
    const button = element("button", {type: "button", title: text, ariaLabel: text, className: `s${layers.indexOf(layer) % 6}`});
    const [l, h] = [layers.indexOf(layer), part.heads.indexOf(head)], size = `${(8 + 16 * Math.min(1, sinkShare)).toFixed(1)}px`;
    Object.assign(button.dataset, {layer: l, head: h});
    Object.assign(button.style, {
      left: `${(100 * distance / farthest).toFixed(2)}%`, top: `${(100 * (1 - Math.min(1, entropy))).toFixed(2)}%`,
      width: size, height: size, opacity: strengthOf(point)});
    button.classList.toggle("on", (state.layer === l || state.layer < 0) && state.heads.includes(h));
    return button;
  }), label("1", "-16px", "-10px"), label("0", "-16px", "calc(100% - 10px)"), label("0", "-4px", "calc(100% + 6px)"),
    label(farthest.toFixed(1), "calc(100% - 12px)", "calc(100% + 6px)"));
  const heading = element("p", {textContent: `All heads over ${count(texts, "text")}, a colour for each layer; a click opens one.`});
  const legend = element("p", {textContent: legendOf(points)});
  legend.style.marginTop = "32px";
  mapPane.replaceChildren(heading, plot, legend);
}

mapPane.addEventListener("click", event => {
  const button = event.target.closest("button");
  if (button) change({layer: Number(button.dataset.layer), heads: [Number(button.dataset.head)], view: "links"});
});
