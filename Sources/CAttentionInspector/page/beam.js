// What the beam held when the piece was written that the text has come to.

const beamPane = document.getElementById("beam");

// The step of the search that wrote the last piece of a row; null if none did.
function beamStep(row) {
  const {beam} = trace.sequences[shown.part.queries];
  const step = beam && row ? row.pieces.at(-1) - beam.first : -1;
  return beam?.steps[step] ? {...beam, step} : null;
}

// The pieces of a hypothesis, through those that it has come of.
function hypothesisPieces(steps, step, place) {
  const pieces = [];
  for (; step >= 0; step--) {
    const [parent, piece] = steps[step][place];
    pieces.unshift(piece);
    place = parent;
  }
  return pieces;
}

// A hypothesis as it is read: what stands before its last piece, and that piece.
function hypothesisText(pieces) {
  const before = pieces.slice(0, -1).join("").trimStart(), last = pieces.at(-1);
  return [before, last.trim() === "" ? seen(last) : before === "" ? last.trimStart() : last];
}

function renderBeam() {
  const found = state.step > 0 ? beamStep(shown.rows[state.step - 1]) : null;
  beamPane.hidden = !found || found.steps[found.step].length < 2;
  if (beamPane.hidden) return beamPane.replaceChildren();
  const {steps, step, answer} = found;
  const goingOn = new Set((steps[step + 1] ?? []).map(([parent]) => parent));
  const heading = document.createElement("tr");
  heading.append(...["hypothesis", "ln P", "score", "what becomes of it"].map(textContent => element("th", {scope: "col", textContent})));
  beamPane.replaceChildren(
    element("caption", {textContent: `What the beam held after ${count(step + 1, "step")}`}), heading,
    ...steps[step].map(([, , logProbability, score], place) => {
      const isAnswer = answer[step] === place, isKept = score !== null || goingOn.has(place);
      const row = document.createElement("tr"), text = document.createElement("th");
      text.scope = "row";
      const [before, last] = hypothesisText(hypothesisPieces(steps, step, place));
      text.dir = "auto";
      text.append(before, element("b", {textContent: last}));
      row.append(text, ...[
        logProbability.toFixed(2).replace("-", "−"), score === null ? "" : score.toFixed(3).replace("-", "−"),
        [isAnswer ? "the answer" : "", score !== null ? "ends" : isKept ? "goes on" : step + 1 < steps.length ? "is dropped" : "is left there"]
          .filter(Boolean).join(", "),
      ].map(textContent => element("td", {textContent})));
      row.classList.toggle("answer", isAnswer);
      row.classList.toggle("kept", isKept || isAnswer);
      return row;
    }));
}
