extension Options {
    /// A number that is at least `least` and finite.
    package func number(_ name: String, default standard: Double? = nil, from least: Double) throws(CatalogueError)
        -> Double
    {
        let number = try number(name, default: standard)
        guard number >= least, number.isFinite else {
            throw .unfitOption("\(name) of \(owner)", expected: "a number from \(least) up", found: "\(number)")
        }
        return number
    }

    /// A number above 0 that stays one in float32.
    package func positive(_ name: String, default standard: Double? = nil) throws(CatalogueError) -> Double {
        let number = try number(name, default: standard)
        guard Float(number) > 0, Float(number).isFinite else {
            throw .unfitOption("\(name) of \(owner)", expected: "a number above 0", found: "\(number)")
        }
        return number
    }

    /// An integer that is at least `least`.
    package func integer(_ name: String, default standard: Int? = nil, from least: Int) throws(CatalogueError) -> Int {
        let integer = try integer(name, default: standard)
        guard integer >= least else {
            throw .unfitOption("\(name) of \(owner)", expected: "an integer from \(least) up", found: "\(integer)")
        }
        return integer
    }

    /// A count or an extent: from 0 to 2³⁰, so that sums and products of a few stay in range.
    package func size(_ name: String, default standard: Int? = nil) throws(CatalogueError) -> Int {
        let integer = try integer(name, default: standard)
        guard (0...1 << 30).contains(integer) else {
            throw .unfitOption("\(name) of \(owner)", expected: "an integer of 0 … 2³⁰", found: "\(integer)")
        }
        return integer
    }

    /// A list of texts; nil if it is missing.
    package func texts(_ name: String) throws(CatalogueError) -> [String]? {
        guard let value = value(name) else { return nil }
        guard case .list(let list) = value else {
            throw .unfitOption("\(name) of \(owner)", expected: "a list of texts", found: "\(value)")
        }
        let texts = list.compactMap { if case .text(let text) = $0 { text } else { nil } }
        guard texts.count == list.count else {
            throw .unfitOption("\(name) of \(owner)", expected: "a list of texts", found: "\(value)")
        }
        return texts
    }
}
