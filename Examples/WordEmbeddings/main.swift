// How does attention turn the embeddings of four words into four vectors that know their context?
//
// First for one word, step by step; then for all words at once, with matrices; then in one call of the library. All three print the same
// numbers. The article "Four words, number by number" of the documentation walks through this file.

import Attention
import Foundation

typealias Vector = [Double]
typealias Matrix = [Vector]

// Four words, each a vector of three features.
let words: Matrix = [[1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 1]]

// What a word asks for, what it can be found by, and what it has to say are three different things: three projections of its embedding.
// A model learns them. These three were drawn at random (numpy.random.seed(42), then numpy.random.randint(3, size=(3, 3)) three times).
let queryProjection: Matrix = [[2, 0, 2], [2, 0, 0], [2, 1, 2]]
let keyProjection: Matrix = [[2, 2, 2], [0, 2, 1], [0, 1, 1]]
let valueProjection: Matrix = [[1, 1, 0], [0, 1, 1], [0, 0, 0]]

// ── One word, step by step ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/// a · b: how much two vectors have in common.
func dot(_ a: Vector, _ b: Vector) -> Double { zip(a, b).map { $0 * $1 }.reduce(0, +) }

/// A row times a matrix: every row of the matrix, as much of it as x says, added up.
func times(_ x: Vector, _ matrix: Matrix) -> Vector {
    matrix[0].indices.map { column in dot(x, matrix.map { $0[column] }) }
}

/// Numbers of any size become shares that sum to 1: exp(z) / Σ exp(z). The largest is taken off first, so that nothing overflows.
func softmax(_ z: Vector) -> Vector {
    let largest = z.reduce(-.infinity, max)
    let exponentials = z.map { exp($0 - largest) }
    let sum = exponentials.reduce(0, +)
    return exponentials.map { $0 / sum }
}

print("One word, step by step")

// The first word asks; every word can be found by its key and, once it is found, read by its value.
let query = times(words[0], queryProjection)
let keys = words.map { times($0, keyProjection) }
let values = words.map { times($0, valueProjection) }

// Score: how well does each key answer the query?
let scores = keys.map { key in dot(query, key) }

// Weights: scores grow with the number of features, so they are divided by its root; then they are shared out.
let weights = softmax(scores.map { $0 / 3.0.squareRoot() })

// Output: the values, each as much of it as attention is paid to its word, added up.
let output = times(weights, values)

show("query of word 1", [query])
show("keys of words 1 to 4", keys)
show("values of words 1 to 4", values)
show("scores of word 1", [scores])
show("weights of word 1", [weights])
show("output of word 1", [output])

// ── All words at once ────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/// The rows of a, each times b.
func times(_ a: Matrix, _ b: Matrix) -> Matrix { a.map { times($0, b) } }

/// Rows become columns.
func transposed(_ a: Matrix) -> Matrix { a[0].indices.map { column in a.map { $0[column] } } }

print("\nAll words at once")

// softmax(Q Kᵀ / √D) V, where Q, K and V hold one row for each word.
let allQueries = times(words, queryProjection)
let allScores = times(allQueries, transposed(keys))
let allWeights = allScores.map { row in softmax(row.map { $0 / 3.0.squareRoot() }) }
let allOutputs = times(allWeights, values)

show("queries", allQueries)
show("scores", allScores)
show("weights", allWeights)
show("output", allOutputs)

// ── In one call of the library ───────────────────────────────────────────────────────────────────────────────────────────────────────

/// One item of a batch, one head: [1, 1, words, features].
func tensor(_ rows: Matrix) throws -> Tensor {
    try Tensor(rows.flatMap { $0.map { Float($0) } }, shape: [1, 1, rows.count, rows[0].count])
}

print("\nIn one call of the library")

// Scaled dot-product attention, everywhere, with softmax: what a mechanism is unless it is told otherwise.
let mechanism = AttentionMechanism()
let memory = try mechanism.remember(keys: try tensor(keys), values: try tensor(values))
let alignment = try mechanism.align(try tensor(allQueries), memory)

// The library computes in float32, which holds seven digits.
show("weights", rows(alignment.weights), decimals: 6)
show("output", rows(alignment.context), decimals: 6)

// ── Printing ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

func show(_ name: String, _ matrix: Matrix, decimals: Int = 8) {
    print(name)
    for row in matrix { print("  " + row.map { String(format: "%.\(decimals)f", $0) }.joined(separator: "  ")) }
}

/// The rows of a tensor [1, 1, rows, columns].
func rows(_ tensor: Tensor) -> Matrix {
    (0..<tensor.shape[2]).map { row in (0..<tensor.shape[3]).map { Double(tensor[0, 0, row, $0]) } }
}
