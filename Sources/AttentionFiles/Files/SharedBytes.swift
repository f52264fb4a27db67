/// A part of such bytes, which keeps them alive.
package struct SharedBytes: Sendable {
    package let owner: ReadOnlyBytes
    package let range: Range<Int>

    package init(_ owner: ReadOnlyBytes, _ range: Range<Int>) { (self.owner, self.range) = (owner, range) }

    /// All of a copy of an array.
    package init(_ array: [UInt8]) { self.init(ReadOnlyBytes(array), 0..<array.count) }

    package var count: Int { range.count }

    package func withBytes<Result, Failure>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try owner.withBytes(in: range, body)
    }

    /// Lets the system take back the memory that holds them, if they lie in a mapped file.
    package func forgetPages() { owner.forgetPages(in: range) }

    /// The same bytes at a multiple of `alignment`: where they are, if they are at one.
    package func aligned(to alignment: Int) -> SharedBytes {
        withBytes { bytes in
            let isAligned = bytes.isEmpty || Int(bitPattern: bytes.baseAddress) % alignment == 0
            return isAligned ? self : SharedBytes(Array(bytes))
        }
    }
}
