import Foundation
import Testing

/// That everything is measured and said; never how fast it is.
@Suite struct BenchTests {
    @Test func aTableOfCeilingsAndKernels() throws {
        let command = try Command.run(
            "bench", "layer_norm", "gru", "--seconds", "0.001", "--threads", "1")
        #expect(command.status == 0 && command.errors.isEmpty, "\(command.errors)")
        let lines = command.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(lines[0].hasPrefix("kernels: ") && lines[0].hasSuffix(", 1 thread"))
        #expect(lines[2].split(separator: " ").joined(separator: " ") == "ceiling one thread all threads")
        let ceilings = lines[3..<8].map { String($0.prefix { $0 != " " }) }
        #expect(ceilings == ["exact", "float32", "bfloat16", "int8", "memory"])
        #expect(lines[3].hasSuffix("GFLOP/s") && lines[7].hasSuffix("GB/s"))
        let kernels = lines[10...].filter { !$0.isEmpty }.map { String($0.prefix { $0 != " " }) }
        #expect(kernels == ["layer_norm", "gru"])
        #expect(Set(lines[2..<8].map(\.count)).count == 1, "aligned")
        #expect(Set(lines[9..<12].map(\.count)).count == 1, "aligned")
    }

    @Test func everyKernelAsJSON() throws {
        let command = try Command.run("bench", "--seconds", "0.001", "--json")
        #expect(command.status == 0 && command.errors.isEmpty, "\(command.errors)")
        let objects = try command.output.split(separator: "\n").map {
            try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        let ceilings = objects.prefix { $0["ceiling"] != nil }
        #expect(ceilings.count == 5)
        for ceiling in ceilings {
            #expect(try #require(ceiling["oneThread"] as? Double) > 0)
            #expect(try #require(ceiling["allThreads"] as? Double) > 0)
        }
        let kernels = objects.dropFirst(ceilings.count)
        #expect(
            Set(kernels.compactMap { $0["kernel"] as? String })
                == ["product", "attention", "additive", "layer_norm", "softmax", "adam", "gru"])
        #expect(
            Set(kernels.map { "\($0["kernel"] ?? "") \($0["name"] ?? "") \($0["precision"] ?? "")" }).count
                == kernels.count)
        for kernel in kernels {
            for name in ["medianSeconds", "rate", "share"] {
                #expect(try #require(kernel[name] as? Double) > 0, "\(kernel)")
            }
            #expect(["arithmetic", "memory"].contains(try #require(kernel["bound"] as? String)))
        }
        for precision in ["exact", "float32", "bfloat16", "int8"] {
            #expect(
                kernels.contains { $0["kernel"] as? String == "product" && $0["precision"] as? String == precision })
        }
    }

    @Test func wrongUse() throws {
        let length = try Command.run("bench", "--seconds", "0")
        #expect(length.status == 64)
        #expect(length.errors.contains("--seconds: expected more than 0 and at most 3600, found 0.0"))
        let kernel = try Command.run("bench", "convolution")
        #expect(kernel.status == 64 && kernel.errors.contains("convolution"), "\(kernel.errors)")
    }
}
