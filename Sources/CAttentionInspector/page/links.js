// What looks stands left, what is looked at right; lines between them, a colour for each head.

const links = document.getElementById("links");
const linkPicture = links.querySelector("svg");
const space = "http://www.w3.org/2000/svg";
const windowSize = 300;   // tokens of a side that stand in the page at once
const lineLimit = 3000;   // lines drawn where no token is chosen
const faintest = 0.01;    // weights below cannot be seen
const linkWindow = {query: 0, key: 0};
let linkWords = {query: [], key: []};

function colourOf(head) { return head % 6; }

function renderLinks() {
  for (const side of ["query", "key"]) {
    const all = tokens(side);
    linkWindow[side] = Math.max(0, Math.min(linkWindow[side], all.length - windowSize));
    const start = linkWindow[side], list = links.querySelector(`ol.${side}`);
    linkWords[side] = all.slice(start, start + windowSize).map((token, place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.dir = "auto";
      button.textContent = token.label;
      button.dataset.index = start + place;
      button.dataset.side = side;
      button.tabIndex = place === 0 ? 0 : -1;  // one stop a side; the arrow keys do the rest
      button.classList.toggle("special", token.isSpecial);
      button.classList.toggle("second", token.segment === 1);
      button.classList.toggle("found", isFound(token));
      button.classList.toggle("spaced", token.isSpaced);
      return button;
    });
    list.start = start + 1;
    list.replaceChildren(...linkWords[side].map(button => {
      const item = document.createElement("li");
      item.append(button);
      return item;
    }));
    renderPager(side, start, all.length);
  }
  drawLines();
}

function renderPager(side, start, count) {
  const pager = links.querySelector(`.pager.${side}`);
  pager.hidden = count <= windowSize;
  pager.querySelector("span").textContent = `${start + 1}–${Math.min(count, start + windowSize)} of ${count}`;
}

function isFound(token) {
  return state.find !== "" && token.label.toLowerCase().includes(state.find.toLowerCase());
}

// Places of the words on the screen, measured once for each drawing.
function placesOf(side) {
  const top = links.querySelector(`ol.${side}`).offsetTop;
  return linkWords[side].map(word => word.offsetTop - top + word.offsetHeight / 2);
}

let linkPlaces = {query: [], key: []};

function drawLines() {
  linkPlaces = {query: placesOf("query"), key: placesOf("key")};
  const base = linkPicture.querySelector(".base");
  const wanted = [];
  const [firstRow, firstColumn] = [linkWindow.query, linkWindow.key];
  for (const {head, weights} of shown.heads) {
    linkPlaces.query.forEach((_, row) => linkPlaces.key.forEach((_, column) => {
      const weight = weightBetween(weights, firstRow + row, firstColumn + column);
      if (weight >= faintest) wanted.push({head, query: firstRow + row, key: firstColumn + column, weight});
    }));
  }
  if (wanted.length > lineLimit) {
    wanted.sort((a, b) => b.weight - a.weight);
    wanted.length = lineLimit;
  }
  base.replaceChildren(...wanted.map(line));
  highlightLinks(currentFocus());
}

function line({head, query, key, weight}) {
  const width = linkPicture.clientWidth;
  const from = linkPlaces.query[query - linkWindow.query], to = linkPlaces.key[key - linkWindow.key];
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", `M4 ${from}C${width / 2} ${from} ${width / 2} ${to} ${width - 4} ${to}`);
  path.setAttribute("class", `s${colourOf(head)}`);
  path.setAttribute("stroke-opacity", Math.min(1, weight).toFixed(4));
  Object.assign(path.dataset, {head: shown.part.heads[head] + 1, query, key});
  return path;
}

// The lines of one token, and the words at their other ends, shaded.
function highlightLinks(focus) {
  const isToken = focus && focus.side !== "pair";
  links.classList.toggle("focused", Boolean(focus));
  const front = linkPicture.querySelector(".front");
  const wanted = [];
  if (focus) {
    for (const {head, weights} of shown.heads) {
      const pairs = isToken ? weightsAt(weights, focus) : [];
      pairs.forEach((weight, place) => {
        const [query, key] = focus.side === "query" ? [focus.index, place] : [place, focus.index];
        if (weight >= faintest / 4 && isInWindow(query, key)) wanted.push({head, query, key, weight});
      });
      if (!isToken && isInWindow(focus.query, focus.key)) {
        wanted.push({head, ...focus, weight: weightBetween(weights, focus.query, focus.key)});
      }
    }
  }
  front.replaceChildren(...wanted.map(line));
  const shades = isToken ? weightsAt(shown.mean, focus) : null;
  for (const side of ["query", "key"]) {
    for (const word of linkWords[side]) {
      const index = Number(word.dataset.index);
      const isOn = isToken ? focus.side === side && focus.index === index : focus?.[side] === index;
      word.classList.toggle("on", isOn);
      word.setAttribute("aria-pressed", state.pin?.side === side && state.pin.index === index);
      const shade = (isToken && focus.side !== side ? Math.min(1, shades[index]) : 0).toFixed(3);
      // What stays as it is need not be laid out again.
      if (word.shade !== shade) word.style.setProperty("--shade", word.shade = shade);
    }
  }
}

function isInWindow(query, key) {
  return linkPlaces.query[query - linkWindow.query] !== undefined && linkPlaces.key[key - linkWindow.key] !== undefined;
}

function tokenOf(element) {
  const button = element.closest?.("[data-side][data-index]");
  return button ? {side: button.dataset.side, index: Number(button.dataset.index)} : null;
}

links.addEventListener("pointerover", event => setFocus(tokenOf(event.target)));
links.addEventListener("pointerleave", () => setFocus(null));
links.addEventListener("focusin", event => {
  const token = tokenOf(event.target);
  if (!token) return;
  for (const word of linkWords[token.side]) word.tabIndex = word === event.target ? 0 : -1;
  setFocus(token);
});
links.addEventListener("focusout", () => setFocus(null));
links.addEventListener("click", event => {
  const token = tokenOf(event.target);
  if (token) pin(token);
  const step = event.target.dataset?.page;
  if (!step) return;
  linkWindow[event.target.closest(".pager").dataset.side] += Number(step) * windowSize / 2;
  renderLinks();
});
links.addEventListener("keydown", event => {
  const token = tokenOf(event.target);
  if (!token) return;
  const {side, index} = token;
  const step = {ArrowUp: -1, ArrowDown: 1}[event.key];
  const isAcross = event.key === (side === "query" ? "ArrowRight" : "ArrowLeft");
  if (!step && !isAcross) return;
  event.preventDefault();
  const next = step ? {side, index: index + step}
    : {side: otherSide(side), index: strongest(weightsAt(shown.mean, token), 1)[0]};
  linkWords[next.side][next.index - linkWindow[next.side]]?.focus();
});
new ResizeObserver(() => { if (!links.hidden) drawLines(); }).observe(links);
