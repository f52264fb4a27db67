import AttentionTensors
import Testing

@testable import Attention

@Suite struct TextGroupsTests {
    private static let lengths = (0..<40).map { 4 + $0 * 7 % 31 }

    private func groups(_ lengths: [Int], mayPack: Bool) -> TextGroups {
        TextGroups(ofLengths: lengths, batchTokens: 1024, mayPack: mayPack, threadCount: 2)
    }

    @Test(arguments: [true, false]) func everyTextIsInOneGroup(_ mayPack: Bool) {
        for count in 0...40 {
            let found = groups(Array(Self.lengths.prefix(count)), mayPack: mayPack)
            #expect(found.places.joined().sorted() == Array(0..<count))
            #expect(!found.places.contains([]))
        }
    }

    /// Packed, no thread waits long for another, and rows stay short.
    @Test func packedGroupsAreAlike() {
        let found = groups(Self.lengths, mayPack: true)
        #expect(found.arePacked)
        let sizes = found.places.map { $0.reduce(0) { $0 + Self.lengths[$1] } }
        #expect(sizes.count % 2 == 0)
        #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 34)
        #expect((sizes.max() ?? 0) <= 128 + 34)
    }

    @Test func onlyWhatIsFewAndUnlikeIsPacked() {
        #expect(!groups(Self.lengths, mayPack: false).arePacked)
        #expect(!groups([9, 9, 9], mayPack: true).arePacked)
        #expect(!groups([9], mayPack: true).arePacked)
        #expect(!groups([Int](repeating: 30, count: 40) + [7], mayPack: true).arePacked)
        #expect(groups([3, 9], mayPack: true) == groups([3, 9], mayPack: true))
    }

    /// So little that the weights are read once is one group.
    @Test func littleIsOneGroup() { #expect(groups([3, 9, 4], mayPack: true).places == [[1, 2, 0]]) }
}
