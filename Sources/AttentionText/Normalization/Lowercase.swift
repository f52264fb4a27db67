/// Every character in lower case, by the mapping that needs no context (a final Σ becomes σ).
package struct Lowercase: Normalizer {
    package static let name = "Lowercase"

    package init() {}

    package init(_ fields: StageFields) {}

    package var isLocal: Bool { true }

    package func normalize(_ text: AlignedText) -> AlignedText {
        var result: AlignedText = []
        result.reserveCapacity(text.count)
        for element in text {
            if element.scalar.isASCII {
                let isUpper = ("A"..."Z").contains(element.scalar)
                result.append(
                    isUpper ? element.replaced(by: Unicode.Scalar(UInt8(element.scalar.value + 32))) : element)
            } else {
                result += element.scalar.properties.lowercaseMapping.unicodeScalars.map(element.replaced)
            }
        }
        return result
    }
}
