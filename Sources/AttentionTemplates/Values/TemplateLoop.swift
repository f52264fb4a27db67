/// What `loop` stands for in the body of a loop.
struct TemplateLoop {
    let items: [TemplateValue]
    let index: Int

    /// A member of it; nil if there is none of this name.
    func member(_ name: String) -> TemplateValue? {
        switch name {
        case "index": .integer(index + 1)
        case "index0": .integer(index)
        case "revindex": .integer(items.count - index)
        case "revindex0": .integer(items.count - index - 1)
        case "first": .boolean(index == 0)
        case "last": .boolean(index == items.count - 1)
        case "length": .integer(items.count)
        // Only loops that call themselves are deeper, and there are none.
        case "depth": .integer(1)
        case "depth0": .integer(0)
        case "previtem": index > 0 ? items[index - 1] : .undefined("loop.previtem of the first item")
        case "nextitem":
            index + 1 < items.count ? items[index + 1] : .undefined("loop.nextitem of the last item")
        case "cycle": .method(of: .loop(self), name)
        default: nil
        }
    }
}
