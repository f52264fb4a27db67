import AttentionFiles
import Testing

@Suite struct FlatYAMLTests {
    @Test func valuesAndLists() throws {
        let document = try FlatYAML(
            """
            # what a model says of itself
            dec-cell: ssru
            version: v1.9.56 94aeaa46 2021-04-28 00:28:35 +0100   # with colons
            transformer-preprocess: ""
            quoted: 'a # b'
            dim-vocabs:
              - 32000
              - 32001
            shortlist:
            - lex.50.50.enpt.s2t.bin
            -   false
            input-types: []
            sizes: [1, 2 , "3"]
            last:
            """)
        #expect(
            document.members == [
                "dec-cell": .scalar("ssru"), "version": .scalar("v1.9.56 94aeaa46 2021-04-28 00:28:35 +0100"),
                "transformer-preprocess": .scalar(""), "quoted": .scalar("a # b"),
                "dim-vocabs": .list(["32000", "32001"]), "shortlist": .list(["lex.50.50.enpt.s2t.bin", "false"]),
                "input-types": .list([]), "sizes": .list(["1", "2", "3"]), "last": .list([]),
            ])
        #expect(try FlatYAML("").members.isEmpty)
    }

    @Test(arguments: [
        ("a: 1\n  b: 2", "YAML: expected a name with a colon, not indented in line 2, found b: 2"),
        ("a: 1\na: 2", "YAML: expected each name once in line 2, found a again"),
        ("- 1", "YAML: expected a name with a colon in line 1, found - 1"),
        ("a: 1\n- 1", "YAML: expected a name with a colon in line 2, found - 1"),
        ("a: [1", "YAML: expected a list in brackets in line 1, found [1"),
        ("a: \"1", "YAML: expected a quoted value without escapes in line 1, found \"1"),
        ("a: \"\\n\"", "YAML: expected a quoted value without escapes in line 1, found \"\\n\""),
        ("a: &b 1", "YAML: expected a plain value in line 1, found &b 1"),
        ("a: |\n  b", "YAML: expected a plain value in line 1, found |"),
        ("a:1", "YAML: expected a name with a colon, not indented in line 1, found a:1"),
        ("{a: 1}", "YAML: expected a plain value in line 1, found {a"),
    ]) func whatIsMoreIsRefused(_ text: String, _ sentence: String) {
        #expect { try FlatYAML(text) } throws: { "\($0)" == sentence }
    }
}
