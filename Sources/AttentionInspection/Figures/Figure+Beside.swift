extension Figure {
    /// This picture and another to its right, both as high as the higher.
    public func beside(_ other: Figure) -> Figure {
        Figure(
            title: title == other.title ? title : "\(title) | \(other.title)", width: width + other.width,
            height: max(height, other.height), shapes: shapes + other.shapes.map { $0.moved(by: width) })
    }
}

extension Figure.Shape {
    /// The shape further to the right.
    fileprivate func moved(by distance: Double) -> Figure.Shape {
        switch self {
        case .box(var box):
            box.x += distance
            return .box(box)
        case .link(var link):
            link.from.x += distance
            link.to.x += distance
            return .link(link)
        case .text(var label):
            label.x += distance
            return .text(label)
        case .picture(var picture):
            picture.x += distance
            return .picture(picture)
        }
    }
}
