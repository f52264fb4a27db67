import AttentionServer
import Logging

/// The models that the options name.
struct Opening: Sendable {
    let options: AttendServer
    let logger: Logger

    /// The models, open unless that is left to whoever asks.
    /// - Throws: `ServingError` naming the model that cannot be opened.
    func models() async throws -> [HostedModel] {
        let named = options.model.isEmpty ? [ModelOption.standard] : options.model
        var models: [HostedModel] = []
        for option in named {
            do {
                let model = HostedModel(
                    option.name, try task(of: option), idle: options.residence.idle?.duration
                ) { try open(option) }
                if options.residence.opening == .start { try await model.open() }
                models.append(model)
            } catch { throw ServingError.model(option.name, reason: "\(error)") }
        }
        return models
    }

    private func task(of option: ModelOption) throws -> ServedTask {
        option.isStandard ? .translation(source: "en", target: "fr") : try .of(option.name, at: option.path)
    }

    private func open(_ option: ModelOption) throws -> ServedModel {
        let start = ContinuousClock.now
        do {
            let model = try served(option)
            logger.info(
                "model opened", metadata: ["name": "\(option.name)", "took": "\(ContinuousClock.now - start)"])
            return model
        } catch {
            logger.error("model not opened", metadata: ["name": "\(option.name)", "reason": "\(error)"])
            throw error
        }
    }

    private func served(_ option: ModelOption) throws -> ServedModel {
        let translation = options.load.translation(options.precision)
        if option.isStandard { return try .standard(named: option.name, limits: translation) }
        return try .open(
            option.name, at: option.path, limits: options.load.batches(options.precision),
            translationLimits: translation, generationLimits: options.load.generation(options.precision),
            promptBytes: options.load.promptBytes)
    }
}

extension ModelOption {
    /// What is served where nothing is named.
    fileprivate static let standard = ModelOption(name: "en-fr", path: "default")

    /// Whether it is the model inside the program.
    fileprivate var isStandard: Bool { path == "default" }
}
