import AttentionFiles
import Glibc
import Testing

@Suite struct DirectoryTests {
    @Test func foldersAreMadeListedAndTidied() throws {
        let root = "/tmp/attention-directory-\(UInt64.random(in: .min ... .max))"
        defer { for path in ["/a/b", "/a", ""] { _ = rmdir(root + path) } }
        try Directory.create(root + "/a//b/")
        try Directory.create(root + "/a/b")
        #expect(Directory.isDirectory(root + "/a/b") && !Directory.exists(root + "/a/c"))
        #expect(Directory.exists(root + "/a/b") && !Directory.hasFile(root + "/a/b"))
        let file = root + "/a/f"
        try AtomicFile.write([1], to: file)
        #expect(try Directory.names(in: root + "/a") == ["b", "f"])
        #expect(Directory.exists(file) && Directory.hasFile(file) && Directory.hasFile("/dev/null"))
        #expect(throws: FileError(.save, path: file, code: EEXIST)) { try Directory.create(file) }
        #expect(throws: FileError(.save, path: file + "/x", code: ENOTDIR)) { try Directory.create(file + "/x") }
        #expect(Directory.isOneFile(file, root + "/a/b/../f") && !Directory.isOneFile(file, root + "/a"))
        #expect(!Directory.isOneFile(file, root + "/a/g") && !Directory.isOneFile("/dev/null", "/dev/null"))
        try Directory.removeFile(file)
        try Directory.removeFile(file)
        #expect(throws: FileError(.read, path: file, code: ENOENT)) { try Directory.names(in: file) }
    }

    /// Numbers of files are used again: a second replacement may be given that of the first file, unless somebody holds it open.
    @Test func aReplacedFileIsNotTheCurrentOne() throws {
        let path = "/tmp/attention-replaced-\(UInt64.random(in: .min ... .max))"
        defer { _ = unlink(path) }
        try AtomicFile.write([1], to: path)
        let file = try FileDescriptor(reading: path)
        var isCurrent = [file.isCurrent]
        for _ in 0..<4 {
            try AtomicFile.write([1], to: path)
            isCurrent.append(file.isCurrent)
        }
        let bytes = try file.read(atMost: 2)
        try Directory.removeFile(path)
        isCurrent.append(file.isCurrent)
        #expect(isCurrent == [true, false, false, false, false, false] && bytes == [1])
        #expect(throws: FileError(.read, path: path, code: ENOENT)) { _ = try FileDescriptor(reading: path) }
    }

    @Test func whatCannotBeMadeIsNamed() {
        #expect(throws: FileError(.save, path: "", code: ENOENT)) { try Directory.create("") }
        #expect(throws: FileError(.save, path: "/dev/null", code: EEXIST)) { try Directory.create("/dev/null") }
        #expect(throws: FileError(.remove, path: "/dev", code: EISDIR)) { try Directory.removeFile("/dev") }
    }
}
