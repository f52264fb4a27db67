// Why a head looks from one piece to another: its score by what the query and the key have read, a bar for each side.

const reasonsPane = document.getElementById("reasons");

// What is known of what is seen: the head alone that is on, and a pair one of whose tokens is in focus.
function reasonsShown() {
  if (state.heads.length !== 1 || state.layer < 0) return null;
  const {part} = shown, focus = currentFocus();
  const [layer, head] = [part.layers[state.layer], part.heads[state.heads[0]]];
  const found = trace.reasons.find(reason => reason.kind === part.kind && reason.layer === layer && reason.head === head);
  if (!found || !focus) return null;
  const [query, key] = [placeOf(shown.rows, found.query), placeOf(shown.columns, found.key)];
  const isFocused = focus.side === "pair" ? focus.query === query && focus.key === key
    : focus.index === (focus.side === "query" ? query : key);
  return query >= 0 && key >= 0 && isFocused ? {...found, query, key} : null;
}

function placeOf(tokens, piece) { return tokens.findIndex(({pieces}) => pieces.includes(piece)); }

function renderReasons() {
  const reason = trace.reasons.length ? reasonsShown() : null;
  reasonsPane.hidden = !reason;
  if (!reason) return reasonsPane.replaceChildren();
  const [query, key] = [shown.rows[reason.query], shown.columns[reason.key]].map(({label}) => isolated(label));
  const greatest = Math.max(...[...reason.ofQuery, ...reason.ofKey].map(Math.abs)) || 1;
  reasonsPane.replaceChildren(
    element("h2", {textContent: `Why “${query}” looks at “${key}”: score ${signed(reason.score)}, of which`}),
    reasonTable(`the query of “${query}” reads`, reason.parts, reason.ofQuery, greatest),
    reasonTable(`the key of “${key}” reads`, reason.keyParts, reason.ofKey, greatest),
    element("p", {textContent: "Strongest together (query × key): "
      + reason.strongest.map(([a, b, product]) => `${a} × ${b} ${signed(product)}`).join(" · ")}));
}

function reasonTable(caption, parts, sums, greatest) {
  const table = document.createElement("table");
  table.append(element("caption", {textContent: caption}), ...parts.map((name, place) => {
    const row = document.createElement("tr"), bar = document.createElement("i"), cell = document.createElement("td");
    bar.style.width = `${(100 * Math.abs(sums[place]) / greatest).toFixed(1)}px`;
    bar.className = sums[place] < 0 ? "less" : "more";
    cell.append(bar, signed(sums[place]));
    row.append(element("th", {scope: "row", textContent: name}), cell);
    return row;
  }));
  return table;
}

// With two decimals and a true minus.
function signed(number) { return number.toFixed(2).replace(/^-(?!0\.00$)/, "−").replace("-", ""); }
