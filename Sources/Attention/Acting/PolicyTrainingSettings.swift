public import AttentionReinforcement

/// Everything that decides how a policy comes out of its environment: what `--config` and `--set` can change.
public struct PolicyTrainingSettings: SettingsDocument, Hashable {
    /// What it acts in.
    public var environment: EnvironmentSettings
    /// What it is.
    public var policy: PolicySettings
    /// How it learns.
    public var course: PolicyCourse

    /// What has been found to do for an environment.
    public init(_ name: EnvironmentName) {
        environment = EnvironmentSettings(name)
        policy =
            name == .cartPole
            ? PolicySettings(.objects) : PolicySettings(.attention, hiddenSize: 32, headCount: 16)
        course = PolicyCourse(name)
    }
}
