import Attention
import AttentionJSON
import AttentionServer
import HTTPTypes
import Testing

/// LibreTranslate's routes.
@Suite struct LibreTranslateTests {
    @Test func translate() async throws {
        try await serving { client in
            let one = try await client.post(
                "/translate",
                #"{"q": "Where is the nearest train station?", "source": "en", "target": "fr", "format": "text"}"#)
            #expect(one.status == 200)
            #expect(one.text == #"{"translatedText":"Où est la gare la plus proche ?"}"#)
            let several = try await client.post(
                "/translate", #"{"q": ["Yes.", "Hello!"], "source": "en", "target": "fr"}"#)
            #expect(several.text == #"{"translatedText":["Oui.","Bonjour !"]}"#)
        }
    }

    @Test func aFormAsPythonSendsIt() async throws {
        try await serving { client in
            let answer = try await client.post(
                "/translate", "q=Hello%21&source=en&target=fr&api_key=",
                headers: [.contentType: "application/x-www-form-urlencoded"])
            #expect(answer.text == #"{"translatedText":"Bonjour !"}"#)
        }
    }

    @Test func aPage() async throws {
        try await serving { client in
            let answer = try await client.post(
                "/translate",
                #"{"q": "<p title=\"a > b\">Hello!</p> <b>Yes.</b>", "source": "en", "target": "fr", "format": "html"}"#
            )
            #expect(
                try answer.json.at("translatedText").string == #"<p title="a > b">Bonjour !</p> <b>Oui.</b>"#)
        }
    }

    @Test func alternatives() async throws {
        try await serving { client in
            let answer = try await client.post(
                "/translate", #"{"q": "Hello!", "source": "en", "target": "fr", "alternatives": 2}"#)
            #expect(try answer.json.at("translatedText").string == "Bonjour !")
            #expect(try answer.json.at("alternatives").items.count == 2)
        }
    }

    @Test func languagesAndSettings() async throws {
        try await serving { client in
            #expect(
                try await client.get("/languages").text
                    == #"[{"code":"en","name":"English","targets":["fr"]},{"code":"fr","name":"French","targets":[]}]"#)
            #expect(try await client.post("/languages", "").status == 200)
            let settings = try await client.get("/frontend/settings").json
            #expect(try settings.at("language", "source", "code").string == "en")
            #expect(try settings.at("keyRequired") == false)
        }
    }

    @Test(arguments: [
        (
            #"{"q": "a", "source": "auto", "target": "fr"}"#, 400,
            "expected languages among en → fr, found others; languages are not detected here"
        ),
        (#"{"source": "en", "target": "fr"}"#, 400, "expected a member q, found none"),
        (
            #"{"q": "a", "source": "en", "target": "fr", "format": "markdown"}"#, 400,
            "expected text or html as format, found another"
        ),
        (
            #"{"q": "\#(String(repeating: "a", count: 20_001))", "source": "en", "target": "fr"}"#, 413,
            "expected texts of at most 20000 characters, found one of 20001; send it in parts"
        ),
    ]) func refusals(_ body: String, _ status: Int, _ message: String) async throws {
        try await serving { client in
            let answer = try await client.post("/translate", body)
            #expect(answer.status == status)
            #expect(try answer.json == ["error": .string(message)])
        }
    }

    @Test func theKeyStandsInTheBody() async throws {
        try await serving(keys: APIKeys(["secret"])) { client in
            let body = #"{"q": "Yes.", "source": "en", "target": "fr", "api_key": "\#("secret")"}"#
            #expect(try await client.post("/translate", body).status == 200)
            let refused = try await client.post("/translate", #"{"q": "Yes.", "source": "en", "target": "fr"}"#)
            #expect(refused.status == 403)
        }
    }
}
