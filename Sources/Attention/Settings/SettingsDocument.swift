import AttentionFiles

/// Everything that decides how a training comes out, as one document.
public protocol SettingsDocument: Codable, Sendable {}

extension SettingsDocument {
    /// All settings as JSON, as `--config` reads them.
    public func json() throws -> String { try JSONEncoding.text(of: self, as: .lines) + "\n" }
}
