import AttentionFiles
import AttentionReinforcement
import AttentionTraining

extension PolicyReport {
    /// The reports in the log of a policy's training, one a line.
    /// - Throws: `FileError` if it cannot be read, `TrainingError.damagedLog` if a line is no report.
    static func reports(inLog path: String) throws -> [PolicyReport] {
        let lines = try FileContents.read(path).split(separator: UInt8(ascii: "\n"))
        return try lines.enumerated().map { index, line in
            do {
                return try JSONDecoding.decode(PolicyReport.self, from: Array(line), numbers: .named)
            } catch {
                throw TrainingError.damagedLog(path: path, line: index + 1)
            }
        }
    }
}
