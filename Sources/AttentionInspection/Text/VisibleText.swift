extension StringProtocol {
    /// The text as it may be shown on a terminal or in a document: control characters as their pictures, so that they
    /// command nothing, and no directional formatting, so that a word cannot turn its surroundings around. A text of
    /// nothing is shown as ∅.
    package var visible: String {
        var result = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.value {
            case 0x00...0x1F: Unicode.Scalar(0x2400 + scalar.value).map { result.append($0) }
            case 0x7F: result.append("␡")
            case 0x80...0x9F, 0xFFFE, 0xFFFF: result.append("\u{FFFD}")
            case 0x2028, 0x2029: result.append("␤")
            case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: continue
            default: result.append(scalar)
            }
        }
        return result.isEmpty ? "∅" : String(result)
    }

    /// The text between isolates where it has letters written from right to left, so that a terminal that reorders text
    /// leaves everything around it in place.
    package var isolated: String {
        unicodeScalars.contains(where: \.isRightToLeft) ? "\u{2068}" + self + "\u{2069}" : String(self)
    }
}

extension Unicode.Scalar {
    /// From the Hebrew, Arabic and neighbouring blocks, their presentation forms, and the right-to-left blocks above
    /// the Basic Multilingual Plane.
    fileprivate var isRightToLeft: Bool {
        switch value {
        case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFE, 0x10800...0x10FFF, 0x1E800...0x1EFFF: true
        default: false
        }
    }
}
