/// What ends a hypothesis besides its end tokens: words that were written, or whatever the caller waits for.
public protocol StoppingRule: Sendable {
    /// Whether nothing is to follow these tokens, which the search wrote behind its prompt.
    func stops(behind tokens: [Int]) -> Bool
}
