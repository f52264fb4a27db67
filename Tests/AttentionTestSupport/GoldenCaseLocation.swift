import FoundationEssentials
public import Testing

/// Where a golden case lies.
public struct GoldenCaseLocation: Sendable, Hashable, CustomTestStringConvertible {
    /// The folder of both files.
    public let folder: String
    /// The files' stem.
    public let name: String

    public var testDescription: String { name }

    /// All cases of these mechanisms: those among the fixtures, and those of the full set where it is at hand.
    ///
    /// The full set is the folder that the environment's `ATTENTION_VECTORS` names, or else `shared/vectors/cases` beside the package.
    public static func all(of mechanisms: Set<String>) -> [GoldenCaseLocation] {
        all(in: "Vectors", and: "ATTENTION_VECTORS", else: "cases")
            .filter { mechanisms.contains(String($0.name.prefix { $0 != "-" })) }
    }

    /// ONNX's own cases: those among the fixtures, and those in the folder that the environment's `ATTENTION_ONNX_VECTORS` names, or else
    /// in `shared/vectors/onnx` beside the package.
    public static var onnx: [GoldenCaseLocation] { all(in: "ONNX", and: "ATTENTION_ONNX_VECTORS", else: "onnx") }

    private static func all(in fixtures: String, and variable: String, else standard: String) -> [GoldenCaseLocation] {
        let package = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(
            separator: "/")
        let full = ProcessInfo.processInfo.environment[variable] ?? package + "/../shared/vectors/" + standard
        return cases(in: package + "/Tests/Fixtures/" + fixtures) + cases(in: full)
    }

    /// None if there is no such folder, and then it says so.
    private static func cases(in folder: String) -> [GoldenCaseLocation] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
                .filter { $0.hasSuffix(".safetensors") }
                .map { GoldenCaseLocation(folder: folder, name: String($0.dropLast(".safetensors".count))) }
        } catch {
            print("golden cases: skipped all of \(folder): there is no such folder")
            return []
        }
    }
}
