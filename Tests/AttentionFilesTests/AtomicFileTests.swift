import AttentionFiles
import Glibc
import Testing

@Suite struct AtomicFileTests {
    /// A directory of its own for each test, removed at the end.
    final class Directory {
        let path: String

        init() throws {
            path = "/tmp/attention-files-\(UInt64.random(in: .min ... .max))"
            try #require(mkdir(path, 0o700) == 0)
        }

        deinit {
            for name in names { _ = unlink("\(path)/\(name)") }
            _ = rmdir(path)
        }

        var names: [String] {
            guard let stream = opendir(path) else { return [] }
            defer { closedir(stream) }
            var names: [String] = []
            while let entry = readdir(stream) {
                names.append(
                    withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                    })
            }
            return names.filter { $0 != "." && $0 != ".." }.sorted()
        }
    }

    @Test func writesAndReplaces() throws {
        let directory = try Directory()
        let path = directory.path + "/weights"
        try AtomicFile.write([1, 2, 3], to: path)
        #expect(try FileContents.read(path) == [1, 2, 3])
        try AtomicFile.write([], to: path)
        #expect(try FileContents.read(path) == [])
        #expect(directory.names == ["weights"])
    }

    @Test func writesInPiecesAndAppearsWhole() throws {
        let directory = try Directory()
        let path = directory.path + "/weights"
        try AtomicFile.write([9], to: path)
        let file = try AtomicFile(replacing: path)
        try file.write([1, 2])
        try file.write([Float(1)].span.bytes)
        #expect(try FileContents.read(path) == [9])
        try file.commit()
        #expect(try FileContents.read(path) == [1, 2, 0, 0, 0x80, 0x3F])
        #expect(directory.names == ["weights"])
    }

    @Test func aDroppedFileLeavesNoTrace() throws {
        let directory = try Directory()
        let path = directory.path + "/weights"
        try AtomicFile.write([9], to: path)
        do {
            let file = try AtomicFile(replacing: path)
            try file.write([1, 2])
            #expect(directory.names.count == 2)
        }
        #expect(try FileContents.read(path) == [9])
        #expect(directory.names == ["weights"])
    }

    @Test func onlyAbandonedFilesAreTidiedAway() throws {
        let directory = try Directory()
        let path = directory.path + "/weights"
        let file = try AtomicFile(replacing: path)
        try file.write([1, 2])
        let live = directory.names
        for name in [".attention-1f.partial", ".attention-notes", "x.partial"] {
            try AtomicFile.write([9], to: "\(directory.path)/\(name)")
        }
        #expect(directory.names.count == 4)
        try AtomicFile.removeAbandoned(in: directory.path)
        #expect(directory.names == (live + [".attention-notes", "x.partial"]).sorted())
        try file.commit()
        #expect(try FileContents.read(path) == [1, 2])
        #expect(throws: FileError(.read, path: "/no/such", code: ENOENT)) {
            try AtomicFile.removeAbandoned(in: "/no/such")
        }
    }

    /// A process that is killed while it writes keeps no lock.
    @Test func killedProcessesLeaveAbandonedFiles() async throws {
        let directory = try Directory()
        let path = directory.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let file = try AtomicFile(replacing: path + "/weights")
            try file.write([1])
            kill(getpid(), SIGKILL)
            try file.commit()
        }
        #expect(directory.names.count == 1 && directory.names[0].hasSuffix(".partial"))
        try AtomicFile.removeAbandoned(in: path)
        #expect(directory.names.isEmpty)
    }

    @Test func checkingLeavesEverythingAsItIs() throws {
        let directory = try Directory()
        try AtomicFile.check(directory.path + "/weights")
        #expect(directory.names.isEmpty)
        #expect(throws: FileError(.save, path: directory.path, code: EISDIR)) { try AtomicFile.check(directory.path) }
    }

    @Test func keepsPermissionsAndSymbolicLinks() throws {
        let directory = try Directory()
        let (path, link) = (directory.path + "/weights", directory.path + "/link")
        try AtomicFile.write([1], to: path)
        #expect(chmod(path, 0o640) == 0)
        #expect(symlink("weights", link) == 0)
        try AtomicFile.write([2], to: link)
        var status = stat()
        #expect(lstat(link, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o640)
        #expect(try FileContents.read(path) == [2])
    }

    @Test func refusalsAreSentences() throws {
        let directory = try Directory()
        func sentence(_ path: String) -> String? {
            #expect(throws: FileError.self) { try AtomicFile.write([1], to: path) }?.description
        }
        let missing = directory.path + "/none/weights"
        #expect(
            sentence(missing) == "save: could not write \(missing): No such file or directory; "
                + "create the directory first or save somewhere else")
        #expect(
            sentence(directory.path) == "save: could not write \(directory.path): Is a directory; "
                + "name a file inside that directory")
        #expect(
            FileError(.save, path: "w", code: EACCES).description
                == "save: could not write w: Permission denied; save to a directory you may write to")
        #expect(throws: FileError(.read, path: missing, code: ENOENT)) { try FileContents.read(missing) }
        #expect(
            FileError(.read, path: "x.tsv", code: ENOENT).description
                == "read: could not read x.tsv: No such file or directory; check the spelling of the path")
        #expect(
            FileError(.remove, path: "x", code: EACCES).description
                == "remove: could not remove x: Permission denied; remove it by hand, or ask for permission to")
    }

    /// Linux's /dev/full answers every write as a full disk does. Being a device it is written directly, so this is the
    /// write path alone; what a failed write leaves behind is the next test's subject.
    @Test func aFullDiskIsReported() throws {
        let error = #expect(throws: FileError.self) { try AtomicFile.write([1, 2, 3], to: "/dev/full") }
        #expect(error == FileError(.save, path: "/dev/full", code: ENOSPC))
        #expect(
            error?.description == "save: could not write /dev/full: No space left on device; "
                + "free some space there or save to another disk")
        try AtomicFile.write([1, 2, 3], to: "/dev/null")
    }

    /// A child process may not make files beyond 64 KiB, so that the kernel refuses a write in the middle (`EFBIG`,
    /// where a full disk says `ENOSPC`): after a first part has truly reached the temporary file.
    @Test func aWriteRefusedHalfwayLeavesTheOldFile() async {
        await #expect(processExitsWith: .success) {
            let directory = try Directory()
            let path = directory.path + "/weights"
            try AtomicFile.write([9], to: path)
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 65_536, rlim_max: 65_536)
            try #require(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)

            #expect(throws: FileError(.save, path: path, code: EFBIG)) {
                try AtomicFile.write([UInt8](repeating: 1, count: 1 << 20), to: path)
            }
            #expect(try FileContents.read(path) == [9])
            #expect(directory.names == ["weights"])
        }
    }
}
