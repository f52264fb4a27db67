import AttentionMechanisms
import AttentionTensors

/// A grid of places cut into windows of m × m, which are shifted cyclically by s (Liu et al. 2021, *Swin Transformer*, sec. 3.2): what attention
/// among all places within `SwinScope` is, at the cost of the pairs that meet. A grid that m does not divide is filled up with zeros first.
struct WindowPartition {
    private let grid: ImageSize
    private let window: Int
    private let shift: Int
    /// The size of the grid in whole windows.
    private let whole: ImageSize
    /// The place of the whole grid that stands at each place of each window, window by window, row by row.
    private let places: [Int]

    /// - Precondition: m is at least 1, and s is below it.
    init(_ grid: ImageSize, window: Int, shift: Int) {
        (self.grid, self.window, self.shift) = (grid, window, shift)
        func filled(_ count: Int) -> Int { (count + window - 1) / window * window }
        let whole = ImageSize(height: filled(grid.height), width: filled(grid.width))
        self.whole = whole
        var places: [Int] = []
        places.reserveCapacity(whole.height * whole.width)
        for top in stride(from: 0, to: whole.height, by: window) {
            for left in stride(from: 0, to: whole.width, by: window) {
                for y in top..<top + window {
                    let row = (y + shift) % whole.height * whole.width
                    places += (left..<left + window).map { row + ($0 + shift) % whole.width }
                }
            }
        }
        self.places = places
    }

    /// How many windows there are.
    var count: Int { places.count / (window * window) }

    /// [B, L, M] → [B · windows, m², M].
    func windows(_ x: Tensor) throws(ShapeError) -> Tensor {
        let (rowCount, length, size) = (x.shape[0], x.shape[1], x.shape[2])
        var table = try x.reshaped(to: [rowCount * length, size])
        if whole != grid { table = try concatenated([table, .zeros([1, size])], axis: 0) }
        let sources = (0..<rowCount).flatMap { row in
            places.map { place in
                let (y, x) = place.quotientAndRemainder(dividingBy: whole.width)
                guard y < grid.height, x < grid.width else { return rowCount * length }
                return row * length + y * grid.width + x
            }
        }
        return try table.rows(sources, shape: [rowCount * count, window * window])
    }

    /// The way back, [B · windows, m², M] → [B, L, M]; what stood on what was filled up is dropped.
    func grid(_ x: Tensor) throws(ShapeError) -> Tensor {
        let (rowCount, size) = (x.shape[0] / count, x.shape[2])
        var places = [Int](repeating: 0, count: self.places.count)
        for (index, place) in self.places.enumerated() { places[place] = index }
        let sources = (0..<rowCount).flatMap { row in
            (0..<grid.height).flatMap { y in
                (0..<grid.width).map { x in row * places.count + places[y * whole.width + x] }
            }
        }
        return try x.reshaped(to: [-1, size]).rows(sources, shape: [rowCount, grid.height * grid.width])
    }

    /// Which places of a window may meet: not those that only the cyclic shift made neighbours. Of B rows; everywhere without a shift.
    func scope(rowCount: Int) -> any Scope {
        guard shift > 0 else { return GlobalScope.global }
        let scope = SwinScope.swin(height: whole.height, width: whole.width, window: window, shift: shift)
        let (groups, size) = (places.map(scope.group), window * window)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(places.count * size)
        for start in stride(from: 0, to: groups.count, by: size) {
            for query in start..<start + size {
                for key in start..<start + size { bytes.append(groups[query] == groups[key] ? 1 : 0) }
            }
        }
        return MaskScope.mask(
            Mask(
                shape: [rowCount * count, 1, size, size],
                bytes: [[UInt8]](repeating: bytes, count: rowCount).flatMap(\.self)))
    }
}
