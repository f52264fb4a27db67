import AttentionFiles
import Glibc
import Testing

@Suite struct FileEndingTests {
    private static let endings = [".svg", ".html", ".json"]

    @Test(arguments: [
        ("map.svg", ".svg"), ("a.b/MAP.HTML", ".html"), ("x.svg.json", ".json"), (".svg", ".svg"),
        // What says nothing has the usual form.
        ("map", ".svg"), ("a.b/map", ".svg"), (".hidden", ".svg"), ("/dev/stdout", ".svg"), ("/dev/null", ".svg"),
    ])
    func theFormOfAPath(path: String, ending: String) {
        #expect(FileEnding.of(path, among: Self.endings) == ending)
    }

    @Test(arguments: ["map.gif", "letter.txt", "a.svg/x.y", "map.svg.", "..", "", "/"])
    func otherEndings(path: String) {
        #expect(FileEnding.of(path, among: Self.endings) == nil)
    }

    /// A device has the form that its name says, and the usual one if that is none of these.
    @Test func devices() throws {
        #expect(Directory.hasDevice("/dev/null") && !Directory.hasDevice("/dev") && !Directory.hasDevice("/no/such"))
        let folder = try AtomicFileTests.Directory()
        for (name, ending) in [("map.html", ".html"), ("map.gif", ".svg")] {
            let path = folder.path + "/" + name
            #expect(symlink("/dev/null", path) == 0)
            #expect(FileEnding.of(path, among: Self.endings) == ending)
        }
    }
}
