// A guided tour for those who are new: cards in plain words about what stands on the screen, with the numbers of this very trace.

const tourPane = document.getElementById("tour");
const tourRows = 64;   // of a long text, so many tokens that look are examined

// What a card is about and how the page stands beside it; cards that this trace cannot show are left out.
let tourCards = () => {
  const main = partOf("encoder") ?? partOf("decoder") ?? trace.attention[0];
  const cards = [...readingCards(main), ...lookingCards(main), ...headCards(main), ...writingCards(), ...lastCards(main)]
    .filter(Boolean);
  tourCards = () => cards;  // the trace stays what it is
  return cards;
};

// Cards.

function readingCards(part) {
  const [rows, columns] = sidesOf(part), text = trace.sequences[part.keys];
  const plain = {kind: part.kind, ...firstHeads(part)};
  const split = text.words.findIndex((word, place) => word !== null && word === text.words[place + 1]);
  const pieces = text.labels.filter((_, place) => text.words[place] === text.words[split]);
  const special = columns.filter(({isSpecial}) => isSpecial).map(({label}) => label);
  return [
    card("welcome", "Where does a model look?", plain,
      `What looks stands on the left, what is looked at on the right, and a line says how much. This model was looked into in `
      + `${count(part.layers.length, "layer")} of ${part.names ? "heads, of which the mean is seen" : `${count(part.heads.length, "head")} each`}; the tour says what these words mean. `
      + "Go on with the arrow keys or the buttons; Escape ends the tour.", "#links"),
    card("token", "Token", plain,
      `A model reads neither letters nor words but tokens, pieces out of a vocabulary that was fixed before it learnt. Here there are `
      + `${columns.length}, beginning with ${list(columns.slice(0, 4).map(({label}) => label))}.`
      + (split >= 0 ? ` The word ${list([text.wordTexts[text.words[split]]])} is made of ${pieces.length}: ${list(pieces)}.` : ""),
      "ol.key"),
    special.length > 0 && card("special", "Special tokens", plain,
      `Nobody has typed ${list([...new Set(special)])}: the model was taught with such marks where a text begins or ends. `
      + "They stand for no word, so a head that has nothing to look for often rests there.", "ol.key .special"),
    isLearnt(part) && card("vector", "Vector", plain,
      `Each token is turned into a vector, a list of numbers that training has found for it, its embedding. Where “${columns[0].label}” `
      + "stands is told apart, too: most models add a vector for the position. From here on the model only works with such lists.", "ol.key"),
  ];
}

function lookingCards(part) {
  if (!isLearnt(part)) return [];
  const [rows, columns] = sidesOf(part), example = exampleOf(part);
  const [asks, offers] = [rows[example.query].label, columns[example.key].label];
  const view = {kind: part.kind, layer: example.layer, heads: [example.head], pin: {side: "query", index: example.query}};
  const weights = rowOf(part, example.layer, example.head, example.query);
  const best = strongest(weights, 3).filter(place => weights[place] >= 0.005);
  const isShared = Math.abs(total(weights) - 1) < 0.02;  // not so where weights are weighed
  const asked = trace.reasons.find(reason => reason.kind === part.kind && reason.layer === part.layers[example.layer]
    && reason.head === part.heads[example.head]);
  return [
    card("query", "Query", view,
      `Attention begins with a question. From the vector of “${asks}” the model computes another one, its query: what should be found `
      + `out for this place? Every place asks, “${asks}” is only the one we follow.`, "ol.query .on"),
    card("key", "Key", view,
      `From every vector that can be looked at the model also computes a key: what is there to be found? “${offers}” has one, and so `
      + `have all ${columns.length} on the right.`, "ol.key"),
    card("score", "Score", view,
      "The query is compared with each key, in most models by their inner product: the better the two fit, the higher the score. "
      + (asked ? `Between “${asks}” and “${offers}” it is ${signed(asked.score)} here.` : `No question fits all keys alike.`), "#links"),
    isShared && card("weight", "Weights", view,
      `A softmax makes shares of the scores: none is below 0, and together they are 1. “${asks}” gives ${shares(best, weights, columns)}; `
      + `the other ${columns.length - best.length} share the ${rest(best, weights)} that is left.`, "#status"),
    isShared && card("value", "Value", view,
      `What is looked at is read by a third vector, its value. “${asks}” takes the values in the shares it gives, `
      + `${best.map(place => `${two(weights[place])} × that of “${columns[place].label}”`).join(" + ")}`
      + `${best.length < columns.length ? " + …" : ""}, and adds the sum to what it knew.`, "#links"),
    asked && card("reasons", "Why there?", view,
      `A score can be taken apart. What the query of “${asks}” and the key of “${offers}” have read, the token itself, its position, `
      + "earlier layers, each adds its part; the bars below show them, and they add up to the score.", "#reasons"),
    card("matrix", "All at once", {...view, pin: null, view: "matrix"},
      `The same as a matrix: a row for each token that looks, a column for each that is looked at, darker for more. The row of “${asks}” `
      + `is darkest at “${columns[strongest(weights, 1)[0]].label}”.`, "#matrix"),
  ];
}

function headCards(part) {
  // Of means there is nothing to say that single heads do.
  if (!isLearnt(part) || part.names || part.heads.length * part.layers.length < 2) return [];
  const [rows, columns] = sidesOf(part), {layer, query} = exampleOf(part);
  const isSelf = part.kind !== "cross";
  const favourites = part.heads.slice(0, 3).map((head, h) => {
    const weights = rowOf(part, layer, h, query), [place] = strongest(weights, 1);
    return `with head ${head + 1} at “${columns[place].label}” (${two(weights[place])})`;
  });
  // How much of its attention a head gives to the token before, in the decoder the one that was written last; to the first and to special tokens.
  const lag = part.kind === "decoder" && part.queries !== part.keys ? 0 : 1;
  const previous = isSelf && rows.length > 3
    && headWith(part, (weights, row) => row < 1 ? null : weights[row - lag]);
  const resting = headWith(part, weights => weights.reduce((sum, weight, place) =>
    place === 0 || columns[place].isSpecial ? sum + weight : sum, 0));
  const wide = columns.length > 2 && headWith(part, (weights, row) => {
    const places = part.kind === "decoder" ? row + 1 : columns.length;
    return places < 3 ? null : entropyOf(weights) / Math.log(places);
  });
  return [
    part.heads.length > 1 && card("heads", "Heads",
      {kind: part.kind, layer, heads: part.heads.map((_, place) => place), pin: {side: "query", index: query}},
      `A layer asks not one question but ${part.heads.length} at a time: each head has queries, keys and values of its own, and here a `
      + `colour. “${rows[query].label}” looks most ${favourites.join(", ")}. A click on a number turns a head off or on.`, "#heads"),
    previous && previous.value >= 0.3 && card("previous", "A head for neighbours", headView(part, previous),
      `Nobody told heads what to look for, yet many found a use. Head ${nameOf(part, previous)} looks at the token before: it gives it `
      + `${two(previous.value)} on average.`, "#links"),
    resting.value >= 0.3 && card("sink", "A head that rests", headView(part, resting),
      `Shares must add up to 1, even where there is nothing to find. Head ${nameOf(part, resting)} gives ${two(resting.value)} on average `
      + `to the first token and to special ones, like “${columns[0].label}”: a place to rest, called an attention sink.`, "#links"),
    wide && wide.value >= 0.6 && card("wide", "A head that looks everywhere", headView(part, wide),
      `Head ${nameOf(part, wide)} spreads most: its entropy is ${two(wide.value)} of what it could be, 0 for a single token, 1 for all `
      + "alike. Such a head gathers what the text is about rather than a certain word.", "#links"),
    part.layers.length > 1 && card("layers", "Layers", {kind: part.kind, view: "grid"},
      `Layers follow each other: what one has gathered, the next reads, so that later vectors know more of the text around them. Here are `
      + `all ${part.layers.length * part.heads.length} heads, a row for each layer. A click opens one.`, "#grid"),
  ];
}

function writingCards() {
  const [back, cross] = [partOf("decoder"), partOf("cross") ?? partOf("alignment")];
  return [
    back && card("decoder", "Writing looks back", {kind: "decoder", ...firstHeads(back), view: "matrix"},
      "A model that writes puts down one token after the other, and each can only look at those before it: above the diagonal the matrix "
      + `is empty. The last row, “${sidesOf(back)[0].at(-1).label}”, has all ${sidesOf(back)[1].length} to look at.`, "#matrix"),
    ...(cross && cross.queries !== cross.keys ? translationCards(cross) : []),
  ];
}

function translationCards(part) {
  const [rows, columns] = sidesOf(part), first = firstHeads(part);
  const example = exampleOf(part, part.chosen ? [[first.layer, first.heads[0]]] : undefined);
  const [written, read] = [rows[example.query].label, columns[example.key].label];
  const view = {kind: part.kind, layer: example.layer, heads: [example.head]};
  const [source, target] = [part.keys, part.queries].map(place => textOf(trace.sequences[place]));
  return [
    card("cross", "Cross-attention", {...view, pin: {side: "query", index: example.query}},
      `What is written also asks, and what was read answers: when “${written}” is written, this head looks at “${read}” with `
      + `${two(example.weight)}. Thus a translation finds its source.`, "ol.query .on"),
    card("step", "Step by step", {...view, step: example.query + 1},
      `The slider goes through what is written, token by token. After ${count(example.query + 1, "token")} comes “${written}”.`, "#written"),
    part.chosen && card("alignment", "Words and their translation", {...view, ...first, view: "matrix"},
      `Head ${part.chosen.layer + 1}.${part.chosen.head + 1} is known to link words with their translations best. In two languages of the `
      + "same order of words its matrix runs down the diagonal; where it leaves it, the order has changed.", "#matrix"),
    trace.moments.length > 1 && card("learning", "How it was learnt",
      {...view, pin: {side: "query", index: example.query}, moment: 0},
      `None of this was there at first: ${trace.moments[0] === 0 ? "before training" : `after ${trace.moments[0]} updates`} “${written}” gave `
      + `“${read}” ${two(rowOf(part, example.layer, example.head, example.query, 0)[example.key])}, after ${trace.moments.at(-1)} updates `
      + `${two(example.weight)}. The slider goes through the moments in between, and Play shows them one after the other.`, "#play"),
    card("translation", "What came of it", {...view, words: true, special: false},
      `From “${source}” to “${target}”: token after token, each of them judged by all that this looking has gathered.`, "#links"),
  ];
}

function lastCards(part) {
  const plain = {kind: part.kind, ...firstHeads(part)};
  return [
    card("caution", "May one believe it?", plain,
      "Where a model looks is not yet why it decides: values may be small, and other heads may do the same work. attend inspect "
      + "--faithfulness leaves words and heads out and says how far the picture and the effect agree.", ""),
    card("end", "On your own", plain,
      "Point at a token, click to pin it; choose layers, heads and kinds of attention above; search, zoom in the matrix, save what you see as "
      + "SVG or PNG. The address remembers the view. The button Tour begins anew.", "#controls"),
  ];
}

// What cards are made of.

function card(name, title, view, text, about) { return {name, title, view, text, about}; }

// Alignments of words were put together of parts: there are no queries and keys behind them.
function isLearnt(part) { return part.kind !== "alignment"; }

// All pieces of both sides as they stand in a sentence, and whether each is only the part of a word.
function sidesOf(part) {
  return [part.queries, part.keys].map(place => trace.sequences[place]).map(sequence =>
    groups(sequence, {words: false, special: true, segment: null}).map((token, place) => {
      const {words} = sequence, word = words[place];
      return {...token, label: isolated(token.label), isPart: word !== null && (word === words[place - 1] || word === words[place + 1])};
    }));
}

function rowOf(part, layer, head, query, moment) {
  const width = trace.sequences[part.keys].labels.length;
  const start = startOf(part, layer, head, moment) + query * width;
  return Array.from({length: width}, (_, key) => halves[part.bits[start + key]]);
}

function headsOf(part) { return part.layers.flatMap((_, layer) => part.heads.map((_, head) => [layer, head])); }

// The pair to follow: what someone has asked about; else the words that are linked most, not next to each other where a text looks at itself.
function exampleOf(part, heads = headsOf(part)) {
  const [asked] = trace.reasons.filter(({kind}) => kind === part.kind).sort((a, b) => b.weight - a.weight);
  if (asked) return {...asked, layer: part.layers.indexOf(asked.layer), head: part.heads.indexOf(asked.head)};
  const [rows, columns] = sidesOf(part), isFar = (row, column) => part.kind === "cross" ? row > 1 : Math.abs(row - column) > 1;
  const isWord = ({label, isSpecial, isPart}) => !isSpecial && !isPart && /\p{L}{2}/u.test(label);
  let best = {layer: heads[0][0], head: heads[0][1], query: 0, key: 0, weight: -1};
  for (const [layer, head] of heads) {
    rows.slice(0, tourRows).forEach((token, query) => {
      if (!isWord(token)) return;
      rowOf(part, layer, head, query).forEach((weight, key) => {
        const isBetter = weight > best.weight && isFar(query, key) && isWord(columns[key]) && columns[key].label !== token.label;
        if (isBetter) best = {layer, head, query, key, weight};
      });
    });
  }
  return best.weight < 0 ? {...best, weight: rowOf(part, best.layer, best.head, 0)[0]} : best;
}

// The head of which a measure of rows is greatest on average; rows of which it is null do not count.
function headWith(part, measure) {
  const [rows] = sidesOf(part);
  return headsOf(part).map(([layer, head]) => {
    const values = rows.slice(0, tourRows).map((_, row) => measure(rowOf(part, layer, head, row), row))
      .filter(value => value !== null);
    return {layer, head, value: total(values) / Math.max(1, values.length)};
  }).reduce((best, other) => other.value > best.value ? other : best);
}

function headView(part, {layer, head}) { return {kind: part.kind, layer, heads: [head]}; }

function nameOf(part, {layer, head}) { return `${part.layers[layer] + 1}.${part.heads[head] + 1}`; }

function total(values) { return values.reduce((sum, value) => sum + value, 0); }

function entropyOf(weights) {
  const whole = total(weights) || 1;
  return -total(weights.filter(weight => weight > 0).map(weight => weight / whole * Math.log(weight / whole)));
}

function two(number) { return number.toFixed(2); }

function count(number, noun) { return `${number} ${noun}${number === 1 ? "" : "s"}`; }

function list(labels) { return labels.map(label => `“${isolated(label)}”`).join(", "); }

function shares(places, weights, tokens) {
  return places.map(place => `${two(weights[place])} to “${tokens[place].label}”`).join(", ");
}

// What is left, so that it adds up with the shares as they are written.
function rest(places, weights) { return two(Math.max(0, 1 - total(places.map(place => Number(two(weights[place])))))); }

// A text in words, without what nobody has typed.
function textOf(sequence) {
  return sequence.words.filter((word, place) => word !== null && word !== sequence.words[place - 1])
    .map(word => isolated(sequence.wordTexts[word])).join(" ");
}

// Going through them.

function tourPlace() { return tourCards().findIndex(({name}) => name === state.tour); }

function goTo(place) {
  const cards = tourCards(), found = cards[Math.max(0, Math.min(cards.length - 1, place))];
  hovered = null;
  const {pin = null} = found.view;
  if (pin) linkWindow[pin.side] = pin.index - 3;
  change({
    view: "links", layer: 0, heads: [0], words: false, special: true, segments: "all", step: 0, find: "", area: null,
    moment: Math.max(0, trace.moments.length - 1), ...firstHeads(partOf(found.view.kind)), ...found.view, pin, tour: found.name});
  document.querySelector(".toured")?.scrollIntoView({block: "nearest"});
}

function endTour() {
  change({tour: ""});
  document.getElementById("tour-open").focus();
}

function renderTour() {
  for (const part of document.querySelectorAll(".toured")) part.classList.remove("toured");
  const place = state.tour ? tourPlace() : -1;
  tourPane.hidden = place < 0;
  if (place < 0) return;
  const cards = tourCards(), {title, text, about} = cards[place];
  document.getElementById("tour-title").textContent = title;
  document.getElementById("tour-text").textContent = text;
  document.getElementById("tour-place").textContent = `${place + 1} of ${cards.length}`;
  document.getElementById("tour-back").disabled = place === 0;
  document.getElementById("tour-next").textContent = place === cards.length - 1 ? "Done" : "Next ▶";
  if (about) document.querySelector(about)?.classList.add("toured");
}

document.getElementById("tour-open").addEventListener("click", () => {
  goTo(0);
  tourPane.focus();
});
tourPane.addEventListener("click", event => {
  const {id} = event.target;
  const step = {"tour-back": -1, "tour-next": 1}[id];
  if (id === "tour-end" || step === 1 && tourPlace() === tourCards().length - 1) endTour();
  else if (step) goTo(tourPlace() + step);
});
document.addEventListener("keydown", event => {
  if (!state.tour) return;
  const step = {ArrowLeft: -1, ArrowRight: 1}[event.key];
  if (event.key === "Escape") {
    event.stopImmediatePropagation();  // a pin stays
    endTour();
  } else if (step && (event.target === document.body || tourPane.contains(event.target))) {
    event.preventDefault();
    goTo(tourPlace() + step);
  }
});
