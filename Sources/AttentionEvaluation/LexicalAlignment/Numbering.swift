/// Numbers from 0 for things, in the order in which they were first seen.
struct Numbering<Element: Hashable & Sendable>: Sendable, Equatable {
    private var numbers: [Element: Int] = [:]

    /// How many things have a number.
    var count: Int { numbers.count }

    /// The number of a thing; nil when it was never seen.
    subscript(element: Element) -> Int? { numbers[element] }

    /// The number of a thing, a new one when it was never seen.
    mutating func number(of element: Element) -> Int {
        if let number = numbers[element] { return number }
        let number = numbers.count
        numbers[element] = number
        return number
    }
}
