import Testing

@Suite struct XMLCheckerTests {
    @Test(arguments: ["<a/>", "<a b=\"c\"><d>x &amp; y</d> <e/></a>", "<a>→ é</a>\n"])
    func accepts(document: String) {
        #expect(XMLChecker.isWellFormed(document))
    }

    @Test(arguments: [
        "", "<a>", "<a></b>", "<a/><b/>", "<a b=c/>", "<a b=\"1\" b=\"2\"/>", "<a>x & y</a>", "<a b=\"<\"/>",
        "<a>\u{1}</a>",
        "<a><b></a></b>", "<a>&nope;</a>", "text", "<a>\u{FFFE}</a>",
    ])
    func refuses(document: String) {
        #expect(!XMLChecker.isWellFormed(document))
    }
}
