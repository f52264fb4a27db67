public import AttentionFiles

/// What a module holds, without its numbers: prints as a table.
public struct ParameterSummary: Sendable {
    /// One parameter.
    public struct Row: Sendable, Hashable {
        /// Its name in checkpoints.
        public let name: String
        /// The sizes of its axes.
        public let shape: Shape
        /// How its numbers are written.
        public let format: Parameter.Format
        /// What is to become of it.
        public let role: Parameter.Role
        /// Who keeps its numbers.
        public let owner: BytesOwner
        /// The bytes its numbers take as they are stored.
        public let byteCount: Int
        /// The bytes that products have laid out of it so far.
        public let packedByteCount: Int
    }

    /// In the order in which the module shows them.
    public let rows: [Row]

    /// The bytes of all numbers as they are stored.
    public var byteCount: Int { rows.reduce(0) { $0 + $1.byteCount } }

    /// The bytes that products have laid out so far.
    public var packedByteCount: Int { rows.reduce(0) { $0 + $1.packedByteCount } }

    /// The bytes as they are stored, of each format, in the order in which they occur.
    public var byteCounts: [(format: Parameter.Format, byteCount: Int)] {
        var counts: [(format: Parameter.Format, byteCount: Int)] = []
        for row in rows {
            if let place = counts.firstIndex(where: { $0.format == row.format }) {
                counts[place].byteCount += row.byteCount
            } else {
                counts.append((row.format, row.byteCount))
            }
        }
        return counts
    }
}

extension Module {
    /// What this module holds, without its numbers.
    public var parameterSummary: ParameterSummary {
        ParameterSummary(
            rows: parameters().map { name, parameter in
                ParameterSummary.Row(
                    name: name, shape: parameter.shape, format: parameter.format, role: parameter.role,
                    owner: parameter.owner, byteCount: parameter.byteCount,
                    packedByteCount: parameter.packedByteCount)
            })
    }

    /// The bytes that products lay out of the matrices of this module once each has been used at this precision. Blocks are read where they
    /// lie.
    public func packedByteCount(at precision: Precision) -> Int {
        parameters().reduce(0) { sum, named in
            let shape = named.parameter.shape
            if case .blocks = named.parameter.format { return sum }
            return shape.rank == 2 ? sum + precision.packedByteCount(depth: shape[1], columns: shape[0]) : sum
        }
    }
}

extension ParameterSummary: CustomStringConvertible {
    /// A line for each parameter: name, shape, type, role and bytes, in columns.
    public var description: String {
        let lines = rows.map { row in
            [row.name, "\(row.shape)", row.format.rawValue, row.role.rawValue, "\(row.byteCount)"]
        }
        let all = [["name", "shape", "type", "role", "bytes"]] + lines
        let widths = all[0].indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { cells in
            cells.indices.map { column in
                let padding = String(repeating: " ", count: widths[column] - cells[column].count)
                return column == cells.count - 1 ? padding + cells[column] : cells[column] + padding
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
