// What a page says to the one around it when it stands beside another, and what it hears from there.

const pairing = window.frameElement ? window.parent.pairing : undefined;

// The view is kept in the address, or by the page around this one.
function remember() {
  const fragment = fragmentOf(state);
  if (pairing) pairing.changed(window.frameElement, fragment, spelt(state.pin));
  else history.replaceState(null, "", fragment);
}

// The tokens in focus by what is written there, which the other page may have, too: their labels, and how many alike stand before them.
function spelt(focus) {
  if (!focus) return [];
  const places = focus.side === "pair" ? [["query", focus.query], ["key", focus.key]] : [[focus.side, focus.index]];
  return places.map(([side, index]) => {
    const {label} = tokens(side)[index];
    return {side, label, turn: tokens(side).slice(0, index).filter(token => token.label === label).length};
  });
}

// The same tokens here; null where one of them does not stand.
function focusOf(spelt) {
  const places = spelt.map(({side, label, turn}) =>
    [...tokens(side).keys()].filter(index => tokens(side)[index].label === label)[turn]);
  if (places.length === 0 || places.includes(undefined)) return null;
  const [index, key] = places;
  return key === undefined ? {side: spelt[0].side, index} : {side: "pair", query: index, key};
}

// Takes the view of the other page, so far as there are such layers, heads and tokens here.
function follow(fragment, pinned) {
  Object.assign(state, stateOf(fragment, {...state, segments: "all", area: null}), {pin: null, tour: ""});
  if (!isOfTwoTexts(partOf(state.kind))) state.segments = "all";
  compute();
  state.pin = focusOf(pinned);
  render();
  return fragmentOf(state);
}

// Points at what the other page points at.
function point(spelt) {
  hovered = focusOf(spelt);
  highlight();
}
