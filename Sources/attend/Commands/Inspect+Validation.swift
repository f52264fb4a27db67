import ArgumentParser
import Attention
import AttentionCommand

extension Inspect {
    func validate() throws {
        let inputs = [text, trace, file].compactMap(\.self).count
        guard inputs == 1 else {
            throw ValidationError(
                "expected either TEXT or --trace FILE\(view == .map ? " or --file FILE" : ""), found \(inputs == 0 ? "neither" : "both")"
            )
        }
        try validateMap()
        try validateBeside()
        let chooses = !isReplay && (layers != nil || heads != nil)
        if trace != nil, second != nil || model.model != nil || chooses || ablation.ablate != nil {
            throw ValidationError(
                "--trace: expected no --and, --model, --layers, --heads or --ablate beside it: what it holds was chosen then"
            )
        }
        if let beam, !SearchSettings.beamSizes.contains(beam) || trace != nil || second != nil || target != nil {
            throw ValidationError(
                "--beam: expected 1 to 200, and no --trace, --and or --target, which say what was written, found \(beam)"
            )
        }
        try validateRows()
        try validateFocus()
        if weights != .probability, trace != nil || faithfulness {
            throw ValidationError(
                "--weights \(weights.rawValue): expected TEXT and no --faithfulness, which compares probabilities")
        }
        let format = try chosenFormat()
        if isReplay, format != .html {
            throw ValidationError(
                "--trace: expected --format html or --output FILE.html for a folder of traces, which is replayed")
        }
        if faithfulness, trace != nil || format == .trace {
            throw ValidationError("--faithfulness: expected TEXT and a model, and no --trace or --format trace")
        }
        guard !format.isBinary || output != nil else {
            throw ValidationError("--format \(format.rawValue): expected --output FILE, since it is no text")
        }
    }

    private func validateRows() throws {
        guard rows != nil || top != nil else { return }
        guard text != nil || trace != nil && !isReplay, !faithfulness, case .trace = view, weights == .probability,
            top ?? 1 >= 1
        else {
            throw ValidationError(
                "--rows, --top: expected TEXT or a trace, at least 1 weight a row, a view other than neuron, reasons and map, and no --weights or "
                    + "--faithfulness")
        }
    }

    private func validateBeside() throws {
        guard isBeside else { return }
        guard text != nil, !faithfulness, case .trace = view, try chosenFormat() != .trace else {
            throw ValidationError(
                "--beside: expected TEXT, a view other than neuron, reasons and map, and no --faithfulness or --format trace"
            )
        }
    }

    private func validateMap() throws {
        guard view == .map else {
            if file != nil { throw ValidationError("--file: expected --view map beside it") }
            if target != nil || gold != nil {
                throw ValidationError("--target, --gold: expected --view map and --file beside it")
            }
            return
        }
        guard target == nil || file != nil && kind ?? .cross == .cross, gold == nil || target != nil,
            (0...1).contains(goldFrom)
        else {
            throw ValidationError(
                "--target, --gold: expected --file beside --target, --target beside --gold, a --gold-from of 0 or 1, and cross attention"
            )
        }
        let format = try chosenFormat()
        guard trace == nil, second == nil, !faithfulness, format != .trace, weights == .probability else {
            throw ValidationError(
                "--view map: expected TEXT or --file and --format terminal, svg, pdf, png, html or json, and no --and, --weights or --faithfulness"
            )
        }
    }

    private func validateFocus() throws {
        let isPair = view == .trace(.pair) || view == .neuron || view == .reasons
        if word != nil, !faithfulness, !isPair, view != .trace(.heads), view != .trace(.overlay) {
            throw ValidationError(
                "--word: expected --faithfulness, --view heads, overlay, pair, neuron or reasons beside it")
        }
        if looksAt != nil, !faithfulness, !isPair {
            throw ValidationError("--looks-at: expected --faithfulness, --view pair, neuron or reasons beside it")
        }
        if isPair, word == nil || looksAt == nil {
            throw ValidationError("--view \(view): expected --word and --looks-at, the words it is about")
        }
        guard view == .neuron || view == .reasons else { return }
        let format = try chosenFormat()
        // A page has room for the reasons of all heads.
        let isPage = view == .reasons && format == .html
        guard isPage || layers?.indices.count == 1 && heads?.indices.count == 1 else {
            throw ValidationError("--view \(view): expected one head, such as --layers 4 --heads 2")
        }
        guard format != .trace, trace == nil, !faithfulness, weights == .probability else {
            throw ValidationError(
                "--view \(view): expected TEXT and --format terminal, svg, pdf, png, html or json, and no --weights or "
                    + "--faithfulness")
        }
    }
}
