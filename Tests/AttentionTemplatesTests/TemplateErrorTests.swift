import AttentionFiles
import Foundation
import Testing

@testable import AttentionTemplates

/// What is wrong with a template is said with its line, what was expected and what was found; nothing traps, and all ends.
@Suite struct TemplateErrorTests {
    private func sentence(_ source: String) -> String {
        do { return try Template(source).render([]) } catch { return "\(error)" }
    }

    @Test func sentencesNameLineAndPlace() {
        for (source, expected) in [
            (
                "a\nb\n{% if x %}",
                "line 3: expected {% elif %} or {% else %} or {% endif %}, found the end of the template"
            ),
            ("{{ x|trimm }}", "line 1: there is no filter \"trimm\" here; did you mean \"trim\"?"),
            ("\n{{ x is strin }}", "line 2: there is no test \"strin\" here; did you mean \"string\"?"),
            ("{% extends 'a' %}", "line 1: there is no block \"extends\" here; write the template without it"),
            ("{{ 1 +\n }}", "line 2: expected a value, found }}"),
            ("{{ x.y.z }}", "line 1: .y: expected a value with members, found nothing: x is undefined"),
            ("{{ raise_exception('no') }}", "line 1: the template refuses the conversation: no"),
            ("{% if 1 %}{% endfor %}", "line 1: expected elif or else or endif, found \"endfor\""),
            (
                "{{ 'a' + 1 }}",
                "line 1: +: expected two numbers, two strings or two lists, found the string \"a\" and 1"
            ),
            ("{{ [1].append(2) }}", "line 1: append: expected a method that changes nothing, found one that does"),
            (
                "{{ 'a'.uppr() }}",
                "line 1: (): expected a function, a method or a macro, found nothing: uppr is undefined"
            ),
            ("a\n{% include 'b' %}", "line 2: there is no block \"include\" here; write the template without it"),
            ("{{ 99999999999999999999 }}", "line 1: expected a number of at most 64 bits, found 99999999999999999999"),
        ] { #expect(sentence(source) == expected, "\(source)") }
    }

    /// What would take for ever, or all memory, or all of the stack.
    @Test func everythingEnds() {
        for source in [
            "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
            "{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}",
            "{% set ns = namespace(s='x') %}{% for i in range(64) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
            "{% set ns = namespace(l=[1]) %}{% for i in range(64) %}{% set ns.l = ns.l + ns.l %}{% endfor %}",
            "{% set ns = namespace(l=[]) %}{% for i in range(9999) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}",
            "{{ 'x' * 9999999999 }}", "{{ 'abc'.replace('', 'x' * 9999999) }}", "{{ 'x' * 9223372036854775807 }}",
            "{{ ('x' * 9999999).join(range(99)|map('string')) }}", "{{ 9223372036854775807 + 1 }}",
            "{{ -9223372036854775807 - 2 }}", "{{ 3 ** 99 }}", "{{ range(0, 9223372036854775807) }}",
            "{% for i in range(9) recursive %}{% endfor %}",
            "{{ " + String(repeating: "(", count: 9999) + "1" + String(repeating: ")", count: 9999) + " }}",
            "{{ 1" + String(repeating: " + 1", count: 9999) + " }}",
            "{{ x" + String(repeating: ".y", count: 9999) + " }}",
            "{{ x" + String(repeating: "|trim", count: 9999) + " }}",
            "{{ " + String(repeating: "-", count: 9999) + "1 }}",
            String(repeating: "{% if 1 %}", count: 9999) + String(repeating: "{% endif %}", count: 9999),
        ] {
            let error = #expect(throws: TemplateError.self) { try Template(source).render([]) }
            #expect(error?.description.isEmpty == false, "\(source.prefix(60))")
        }
        // Circles that a template makes are taken apart, and long chains of what it makes are no danger.
        #expect(
            sentence("{% set ns = namespace() %}{% set ns.me = ns %}{% set ns.l = [ns] %}{{ ns.me.me.l|length }}")
                == "1")
        #expect(
            sentence(
                "{% set ns = namespace(n=0) %}{% for i in range(9999) %}{% set ns.n = namespace(n=ns.n) %}{% endfor %}ok"
            )
                == "ok")
        #expect(sentence(String(repeating: "{% if 1 %}a{% endif %}", count: 5000)).count == 5000)
    }

    /// Templates with bytes changed, taken out and doubled give a text or a typed error.
    @Test func damagedTemplatesNeverTrap() throws {
        var generator = Generator(state: 7)
        let sources = try ["llama3.1", "qwen3", "macros", "mistral", "gemma"].map {
            try String(contentsOfFile: ReferenceTests.fixtures + "/\($0).jinja", encoding: .utf8)
        }
        let values = try ReferenceTests.cases(in: ReferenceTests.fixtures).filter { $0.name.hasSuffix(" tool") }.prefix(
            2)
        #expect(values.count == 2)
        var (readCount, refusedCount) = (0, 0)
        for round in 0..<1500 {
            var scalars = Array(sources[round % sources.count].unicodeScalars)
            for _ in 0...Int(generator.next() % 3) {
                let (place, other) = (generator.place(in: scalars), generator.place(in: scalars))
                switch generator.next() % 4 {
                case 0: scalars[place] = scalars[other]
                case 1: scalars.removeSubrange(place..<min(scalars.count, place + 1 + Int(generator.next() % 9)))
                case 2: scalars.insert(contentsOf: scalars[other..<min(scalars.count, other + 12)], at: place)
                default: scalars.swapAt(place, other)
                }
            }
            do {
                let template = try Template(String(String.UnicodeScalarView(scalars)))
                readCount += 1
                for value in values { _ = try template.render(value.values, now: 0) }
            } catch {
                // Nothing else is thrown, as the type says.
                refusedCount += 1
            }
        }
        #expect(readCount > 100 && refusedCount > 100)
    }
}

/// The same damage every time.
private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 33
    }

    mutating func place(in scalars: [Unicode.Scalar]) -> Int { Int(next() % UInt64(scalars.count)) }
}
