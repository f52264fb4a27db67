/// How large a teller is.
package struct TellerSizes: Sendable, Hashable {
    /// Channels, rows and columns of pictures.
    package var channelCount, height, width: Int
    /// Channels behind each convolution, multiples of four.
    package var convolutions: [Int]
    /// Behind so many of the first convolutions, the largest of four neighbours is kept.
    package var poolingCount: Int
    /// S, the size of states; E's vectors; the layer that compares states and places.
    package var stateSize = 128, wordSize = 32, hiddenSize = 64
    /// The probability of dropping a number of the state before a word is told of it, in training.
    package var dropout: Float = 0

    /// Sizes for pictures such as these.
    package init(channelCount: Int, height: Int, width: Int, convolutions: [Int], poolingCount: Int) {
        (self.channelCount, self.height, self.width) = (channelCount, height, width)
        (self.convolutions, self.poolingCount) = (convolutions, poolingCount)
    }

    /// Rows and columns of places.
    package var grid: (rows: Int, columns: Int) { (height >> poolingCount, width >> poolingCount) }
}
