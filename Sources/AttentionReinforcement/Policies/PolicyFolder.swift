import AttentionFiles
package import AttentionTensors

/// A policy and what it is for, as they lie in a folder: `config.json` and `model.safetensors`.
public struct PolicyFolder: Sendable {
    /// What `config.json` says.
    public struct Configuration: Sendable, Hashable, Codable {
        /// What the policy acts in.
        public var environment: EnvironmentSettings
        /// What it is.
        public var policy: PolicySettings

        /// A policy for an environment.
        public init(environment: EnvironmentSettings, policy: PolicySettings) {
            (self.environment, self.policy) = (environment, policy)
        }
    }

    /// What the policy is, and what it acts in.
    public let configuration: Configuration
    /// The environment, before its first episode.
    public let environment: any Environment
    /// The policy.
    public let policy: any Policy

    /// The policy in a folder.
    /// - Throws: ``ReinforcementError`` if it holds none, `SafetensorsError` if its parameters do not fit.
    public init(path: String) throws {
        let bytes: [UInt8]
        do { bytes = try FileContents.read(path + "/config.json") } catch {
            throw ReinforcementError.badPolicy(folder: path, reason: "\(error)")
        }
        try self.init(
            configuration: bytes, source: path
        ) { try SafetensorsFile(path: path + "/model.safetensors") }
    }

    /// The policy in the bytes of two files, named so in errors.
    package init(configuration bytes: [UInt8], source: String, weights: () throws -> SafetensorsFile) throws {
        let blank: any Policy
        do {
            configuration = try JSONDecoding.decode(from: bytes)
            environment = try configuration.environment.environment()
            blank = try configuration.policy.policy(for: environment, key: .blank)
        } catch {
            throw ReinforcementError.badPolicy(folder: source, reason: "\(error)")
        }
        policy = try blank.loaded(from: try weights())
    }

    /// Writes a policy and what it is for.
    /// - Throws: `FileError` or `SafetensorsError` if a file cannot be written.
    public static func write(_ policy: some Policy, _ configuration: Configuration, to directory: String) throws {
        try Directory.create(directory)
        try policy.save(to: directory + "/model.safetensors")
        let text = try JSONEncoding.text(of: configuration, as: .lines) + "\n"
        try AtomicFile.write(Array(text.utf8), to: directory + "/config.json")
    }
}
