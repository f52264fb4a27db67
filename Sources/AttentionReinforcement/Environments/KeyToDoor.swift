public import AttentionTensors

/// Whoever takes the key must remember its colour until the doors are reached.
///
/// Three rooms, one after the other. The grids have s × s cells, s odd; the four actions move one cell up, down, left or right, and nothing where a wall
/// is.
///
/// 1. *Key room*, s + 1 steps: the agent begins in the middle; a key of one of four colours lies in another cell, both drawn uniformly. Whoever
///    enters its cell takes it, and it is no longer seen.
/// 2. *Corridor*, `delay` steps in which nothing is seen and whatever is done makes no difference.
/// 3. *Door room*, at most 2 s steps: the agent begins in the middle; in the middle of the four walls are doors: red above, green below, blue at the left and
///    white at the right. The first door that is entered ends the episode: with a reward of 1 if the agent has the key of its colour, and otherwise of 0.
///
/// There is no other reward. What the agent carries is not seen, so that without memory one in four doors is the right one: chance is 25 %.
///
/// *Source:* a grid world of our own after the task of Mesnard et al. 2021 (*Counterfactual Credit Assignment*, sec. 4) and Chen et al. 2021, sec. 5.3.
public struct KeyToDoor: Environment {
    private enum Room: Sendable { case key, corridor, doors }

    /// How many colours there are, and doors.
    static let colourCount = 4
    private static let colourNames = ["red", "green", "blue", "white"]
    private static let letters: [Character] = ["r", "g", "b", "w"]
    private static let moves = [(-1, 0), (1, 0), (0, -1), (0, 1)]

    private let size: Int
    private let delay: Int
    private var room = Room.key
    private var roomSteps = 0
    private var agent = (row: 0, column: 0)
    private var key = (row: 0, column: 0, colour: 0)
    private var hasKey = false
    private var isOver = false

    public let layout = ObservationLayout(
        objectNames: ["agent", "key", "door above", "door below", "left door", "right door"], featureCount: 7)
    public let actionNames = ["up", "down", "left", "right"]
    public let successReturn: Float = 0.5
    public var stepLimit: Int { size + 1 + delay + 2 * size }

    /// Rooms of `size` × `size` cells, and `delay` steps between them.
    /// - Throws: ``UnfitSetting`` unless the size is 3, 5, 7 or 9 and the delay from 0 to 1000.
    public init(size: Int = 3, delay: Int = 20) throws(UnfitSetting) {
        guard [3, 5, 7, 9].contains(size) else {
            throw UnfitSetting("environment.size", expected: "3, 5, 7 or 9", found: "\(size)")
        }
        guard 0...1000 ~= delay else {
            throw UnfitSetting("environment.delay", expected: "from 0 to 1000", found: "\(delay)")
        }
        (self.size, self.delay) = (size, delay)
        agent = (middle, middle)
    }

    private var middle: Int { size / 2 }

    public mutating func reset(key randomness: RandomKey) {
        var generator = randomness.generator()
        let cell = Int.random(in: 0..<size * size - 1, using: &generator)
        let place = cell < middle * size + middle ? cell : cell + 1  // not the middle
        key = (place / size, place % size, Int.random(in: 0..<Self.colourCount, using: &generator))
        (room, roomSteps, agent, hasKey, isOver) = (.key, 0, (middle, middle), false, false)
    }

    public mutating func step(_ action: Int) throws(ReinforcementError) -> StepOutcome {
        try check(action, isOver: isOver)
        roomSteps += 1
        if room != .corridor {
            let move = Self.moves[action]
            agent.row = min(max(agent.row + move.0, 0), size - 1)
            agent.column = min(max(agent.column + move.1, 0), size - 1)
        }
        switch room {
        case .key:
            if agent == (key.row, key.column) { hasKey = true }
            if roomSteps == size + 1 { enter(delay > 0 ? .corridor : .doors) }
        case .corridor:
            if roomSteps == delay { enter(.doors) }
        case .doors:
            let door = (0..<Self.colourCount).first { agent == doorPlace($0) }
            isOver = door != nil || roomSteps == 2 * size
            let isRight = door.map { hasKey && $0 == key.colour } ?? false
            return StepOutcome(
                reward: isRight ? 1 : 0, isTerminated: door != nil, isTruncated: door == nil && isOver)
        }
        return StepOutcome(reward: 0)
    }

    private mutating func enter(_ next: Room) { (room, roomSteps, agent) = (next, 0, (middle, middle)) }

    private func doorPlace(_ door: Int) -> (Int, Int) {
        (middle + Self.moves[door].0 * middle, middle + Self.moves[door].1 * middle)
    }

    /// For each object: whether it is there, how far it lies to the right of the middle and below it in half sizes, and its colour, one of four.
    public var observation: [Float] {
        func object(_ place: (Int, Int), colour: Int? = nil) -> [Float] {
            let (row, column) = (Float(place.0 - middle) / Float(middle), Float(place.1 - middle) / Float(middle))
            return [1, column, row] + (0..<Self.colourCount).map { $0 == colour ? 1 : 0 }
        }
        let hidden = [Float](repeating: 0, count: layout.featureCount)
        let isKeySeen = room == .key && !hasKey
        return object((agent.row, agent.column))
            + (isKeySeen ? object((key.row, key.column), colour: key.colour) : hidden)
            + (0..<Self.colourCount).flatMap { room == .doors ? object(doorPlace($0), colour: $0) : hidden }
    }
}

extension KeyToDoor {
    public var drawing: [String] {
        let state = hasKey ? "has the \(Self.colourNames[key.colour]) key" : "has no key"
        let border = "+" + String(repeating: "-", count: 2 * size + 1) + "+"
        guard room != .corridor else {
            let place = delay > 1 ? roomSteps * (2 * size) / delay : 0
            let blank = "|" + String(repeating: " ", count: 2 * size + 1) + "|"
            let way = "|" + String(repeating: " ", count: place) + "@" + String(repeating: " ", count: 2 * size - place)
            let lines = (0..<size).map { $0 == middle ? way + "|" : blank }
            return ["corridor, step \(roomSteps) of \(delay); \(state)", border] + lines + [border]
        }
        var cells = [[Character]](repeating: [Character](repeating: ".", count: size), count: size)
        if room == .doors {
            for door in 0..<Self.colourCount {
                let (row, column) = doorPlace(door)
                cells[row][column] = Character(Self.letters[door].uppercased())
            }
        } else if !hasKey {
            cells[key.row][key.column] = Self.letters[key.colour]
        }
        cells[agent.row][agent.column] = "@"
        let lines = cells.map { "| " + $0.map { String($0) }.joined(separator: " ") + " |" }
        return [(room == .key ? "key room; " : "door room; ") + state, border] + lines + [border]
    }
}
