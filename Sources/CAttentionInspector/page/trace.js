// The trace in the page: pieces, and weights as float16. Nothing here knows what is on the screen.

const trace = JSON.parse(document.getElementById("trace").textContent);

// The value of every float16.
const halves = (() => {
  const table = new Float32Array(1 << 16);
  for (let bits = 0; bits < 1 << 15; bits++) {
    const exponent = bits >> 10, fraction = bits & 1023;
    table[bits] = exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * fraction / 1024;
  }
  return table;
})();

function decoded(kind) {
  const text = atob(document.getElementById(`weights-${kind}`).textContent.trim());
  const bits = new Uint16Array(text.length / 2);
  for (let i = 0; i < bits.length; i++) bits[i] = text.charCodeAt(2 * i) | text.charCodeAt(2 * i + 1) << 8;
  return bits;
}

for (const part of trace.attention) {
  part.bits = decoded(part.kind);
  part.size = trace.sequences[part.queries].labels.length * trace.sequences[part.keys].labels.length;
}

for (const sequence of trace.sequences) sequence.spaced = new Set(sequence.spaced);

// Where the weights of a head begin: at one of the moments of a replay, or at the only one that there is.
function startOf(part, layer, head, moment = trace.moments.length - 1) {
  return ((Math.max(0, moment) * part.layers.length + layer) * part.heads.length + head) * part.size;
}

// What people call a head, counted from 1.
function headName(part, head) { return part.names?.[head] ?? `${part.heads[head] + 1}`; }

// What is shown of a sequence: pieces or words, each with the pieces it is made of.
function groups(sequence, {words, special, segment}) {
  const found = [];
  let last = null;
  sequence.labels.forEach((label, piece) => {
    const word = sequence.words[piece], continues = word !== null && word === last;
    const isWanted = word === null ? special : segment === null || sequence.segments[piece] === segment;
    if (words && continues && isWanted) {
      found[found.length - 1].pieces.push(piece);
    } else if (isWanted) {
      found.push({
        label: words && word !== null ? sequence.wordTexts[word] : label, pieces: [piece],
        segment: sequence.segments[piece], isSpecial: word === null, continues, isSpaced: !words && sequence.spaced.has(piece),
      });
    }
    last = word;
  });
  return found;
}

// A space that would not be seen.
const visibleSpace = "␣";

// The label of a token among others: one that stands behind a space shows it, since another would go on the word before.
function marked({label, isSpaced}) { return isSpaced ? visibleSpace + label : label; }

// What a piece of the vocabulary adds to a text, standing alone.
function seen(text) { return text.replace(/^ +| +$/g, spaces => visibleSpace.repeat(spaces.length)); }

// The mean of a head over layers, between groups: to a word the sum over its pieces, from a word the mean over them.
function weightsOf(part, layers, head, rows, columns, moment) {
  const width = trace.sequences[part.keys].labels.length;
  const matrix = new Float32Array(rows.length * columns.length);
  const isPlain = columns.every((column, place) => column.pieces.length === 1 && column.pieces[0] === place);
  for (const layer of layers) {
    const start = startOf(part, layer, head, moment);
    rows.forEach((row, r) => {
      const share = 1 / (row.pieces.length * layers.length);
      for (const query of row.pieces) {
        const from = start + query * width, to = r * columns.length;
        if (isPlain) {
          for (let c = 0; c < columns.length; c++) matrix[to + c] += share * halves[part.bits[from + c]];
        } else {
          columns.forEach((column, c) => {
            for (const key of column.pieces) matrix[to + c] += share * halves[part.bits[from + key]];
          });
        }
      }
    });
  }
  return matrix;
}

function meanOf(matrices, size) {
  if (matrices.length === 1) return matrices[0];
  const mean = new Float32Array(size);
  for (const matrix of matrices) for (let i = 0; i < size; i++) mean[i] += matrix[i] / matrices.length;
  return mean;
}

// The greatest weight of each tile of a part of a matrix; exact where a tile is one cell.
function pooled(matrix, width, top, bottom, left, right, tilesDown, tilesAcross) {
  const tiles = new Float32Array(tilesDown * tilesAcross);
  const down = (bottom - top) / tilesDown, across = (right - left) / tilesAcross;
  const columns = new Int32Array(right - left);
  for (let c = 0; c < columns.length; c++) columns[c] = Math.min(tilesAcross - 1, Math.floor((c + 0.5) / across));
  for (let r = top; r < bottom; r++) {
    const row = Math.min(tilesDown - 1, Math.floor((r - top + 0.5) / down)) * tilesAcross;
    for (let c = left; c < right; c++) {
      const tile = row + columns[c - left], weight = matrix[r * width + c];
      if (weight > tiles[tile]) tiles[tile] = weight;
    }
  }
  return tiles;
}

function greatestOf(matrix) {
  let greatest = 0;
  for (let i = 0; i < matrix.length; i++) if (matrix[i] > greatest) greatest = matrix[i];
  return greatest;
}
