import Glibc

/// Processor time since the machine and this process began, in seconds, over all cores.
struct MachineTime {
    let busy, stolen, total, own: Double

    init() throws {
        guard let file = fopen("/proc/stat", "r") else { throw ResidentMemory.Unavailable() }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 512)
        guard fgets(&line, Int32(line.count), file) != nil else { throw ResidentMemory.Unavailable() }
        let fields = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            .split(whereSeparator: \.isWhitespace).dropFirst().prefix(8).compactMap { Double($0) }
        guard fields.count == 8 else { throw ResidentMemory.Unavailable() }
        // user, nice, system, idle, waiting for disks, interrupts, soft interrupts, stolen by the host
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        total = fields.reduce(0, +) / ticks
        stolen = fields[7] / ticks
        busy = total - (fields[3] + fields[4] + fields[7]) / ticks
        var usage = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &usage)
        own = Double(usage.tv_sec) + Double(usage.tv_nsec) / 1e9
    }
}

/// The shares of the machine that other processes, and the host, took meanwhile.
struct Disturbance {
    var foreign = 0.0
    var stolen = 0.0

    /// What a good measurement may suffer.
    static let tolerance = 0.05

    var share: Double { foreign + stolen }

    init() {}

    init(from before: MachineTime, to after: MachineTime) {
        let total = max(after.total - before.total, 0.01)
        foreign = max(0, (after.busy - before.busy) - (after.own - before.own)) / total
        stolen = (after.stolen - before.stolen) / total
    }

    /// Returns when others have left the machine alone for two fifths of a second, or after this many seconds.
    static func waitForQuiet(atMost seconds: Double) throws {
        let start = ContinuousClock.now
        var quietCount = 0
        while quietCount < 2, (ContinuousClock.now - start) / .seconds(1) < seconds {
            let before = try MachineTime()
            usleep(200_000)
            quietCount = Disturbance(from: before, to: try MachineTime()).share <= tolerance ? quietCount + 1 : 0
        }
    }
}
