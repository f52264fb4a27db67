import AttentionTensors
import Testing

@Suite struct BufferShelfTests {
    @Test func theLastComesFirst() {
        var shelf = BufferShelf<Int>()
        #expect(shelf.take() == nil)
        for buffer in 1...3 { shelf.put(buffer) }
        #expect(shelf.count == 3)
        #expect(shelf.take() == 3)
        #expect(shelf.removeAll() == [1, 2])
        #expect(shelf.take() == nil && shelf.removeIdle().isEmpty)
    }

    @Test func onlyWhatWasNotNeededIsIdle() {
        var shelf = BufferShelf<Int>()
        for buffer in 1...5 { shelf.put(buffer) }
        // They came just now: nobody knows yet whether they are needed.
        #expect(shelf.removeIdle().isEmpty)
        // Two are needed at once, and then one.
        let (first, second) = (shelf.take(), shelf.take())
        #expect(first == 5 && second == 4)
        shelf.put(4)
        shelf.put(5)
        #expect(shelf.take() == 5)
        shelf.put(5)
        #expect(shelf.removeIdle() == [1, 2, 3])
        #expect(shelf.count == 2)
        // From here on nobody needs any.
        #expect(shelf.removeIdle() == [4, 5])
        #expect(shelf.count == 0)
    }

    @Test func anEmptyShelfHasNothingIdle() {
        var shelf = BufferShelf<Int>()
        shelf.put(1)
        _ = shelf.removeIdle()
        #expect(shelf.take() == 1)
        #expect(shelf.take() == nil)
        shelf.put(1)
        shelf.put(2)
        #expect(shelf.removeIdle().isEmpty)
        #expect(shelf.removeIdle() == [1, 2])
    }
}
