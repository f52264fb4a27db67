import AttentionFiles
import Foundation
import Testing

@Suite struct FolderLockTests {
    private let folder = NSTemporaryDirectory() + "folder-lock-" + UUID().uuidString

    @Test func oneAtATime() throws {
        try Directory.create(folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let first = try #require(try FolderLock(of: folder))
        #expect(try FolderLock(of: folder) == nil)
        #expect(try Directory.names(in: folder) == [".attention-lock"])
        withExtendedLifetime(first) {}
    }

    @Test func endsWithItsValueAndLeavesNothing() throws {
        try Directory.create(folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for _ in 0..<3 {
            #expect(try FolderLock(of: folder) != nil)
            #expect(try Directory.names(in: folder) == [])
        }
    }

    @Test func aFileLeftByAKilledProcessIsNoLock() throws {
        try Directory.create(folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try AtomicFile.write([], to: folder + "/.attention-lock")
        #expect(try FolderLock(of: folder) != nil)
    }

    @Test func aFolderThatIsNotThere() {
        #expect(throws: FileError.self) { try FolderLock(of: folder + "/none") }
    }
}
