import AttentionText
import Testing

@Suite struct SentenceSplitterTests {
    /// In each case a bar stands wherever a sentence ends and another begins.
    private func check(_ cases: String, _ language: SentenceLanguage) {
        for line in cases.split(separator: "\n").map(String.init) {
            let expected = line.split(separator: "|").map { $0.trimmed }
            let text = line.replacing("|", with: "")
            let scalars = Array(text.unicodeScalars)
            let found = SentenceSplitter(language: language).sentences(in: text).map { range in
                String(String.UnicodeScalarView(scalars[range]))
            }
            #expect(found == expected, "\(language): \(line)")
        }
    }

    @Test func english() {
        check(
            """
            Hello.| How are you?| I am fine!
            One sentence without an end
            Mr. Smith went to Washington.| He liked it.
            Good morning, Mrs. Jones!| Come in.
            Dr. No is a film.| So is Dr. Strange.
            I saw Prof. Brown and Rev. Green.| They waved.
            He lives on St. James Street.| It is quiet.
            J. R. R. Tolkien wrote it.| C. S. Lewis read it.
            George W. Bush spoke.| Nobody listened.
            It was written by J. K. Rowling.| I read it.
            We need a plan B.| Plan A failed.
            Take vitamin C.| It helps.
            It is I.| Who else?
            The U.S. Army came.| It left.
            She moved to the U.S.| She likes it.
            I live in the U.K. with my cat.
            He has a Ph.D. in physics.| His wife has none.
            We met at 5 p.m. on Monday.
            We met at 5 p.m.| Then we left.
            It opens at 9 a.m. Monday to Friday.
            Bring apples, pears, etc.| Do not be late.
            Apples, pears, etc. are fruit.
            Use a tool, e.g. Git.| It is free.
            The second, i.e. Paris, won.
            Acme Inc. makes anvils.| Buy one.
            He works for Acme Inc.| She does not.
            Martin Luther King Jr. spoke.| They listened.
            It costs $3.50.| That is cheap.
            Pi is 3.14159.| It never ends.
            Version 2.0 is out.| Update now.
            See No. 5.| It is the best.
            Go to No. 10 Downing Street.
            No.| I will not.
            See Fig. 3 and p. 12.| They are clear.
            Visit www.example.com.| It is fun.
            Open https://example.com/a.html?x=1.| Then close it.
            Write to me.you@example.com.| Thanks.
            Read file.txt.| Then delete it.
            "Stop!" he said.| She went on.
            "Stop."| He ran.
            He said "Stop."| She ran.
            "Is it you?" she asked.
            'Yes.'| 'No.'
            (He left.)| She stayed.
            He left (she did not. She stayed) at once.| That was it.
            What?!| No!!!| Really...
            Wait...| What was that?
            I think... maybe not.
            Well... Yes.
            First… then it rained.
            Yahoo! is old.
            Are you there?| yes i am.
            i am tom.| i like tea.| you?
            This is approx. five miles.
            In Jan. we met.| In Feb. 2020 we parted.
            It rained on Mon.| The sun came on Tue.
            Sales rose in 1999.| They fell in 2000.
            He is No. 1.| She is No. 2.
            I love you. 😀| See you. 👍🏽
            Great! 🎉🎉| Thanks.
            It ends here.[1]| The next begins.[23]
            Hello!How are you?
            A new line
            and the rest.
            The end.”| “The beginning.
            Come in vs. stay out.| Decide.
            Gen. Lee met Lt. Col. Grant.| They talked.
            The Gov. spoke.| Sen. Smith did not.
            It was 30° C. and warm.
            Turn to Sec. 2 and Ch. 3.
            Is it 5?| It is 6.
            1. First point.
            The company grew (by 5 percent.)| It shrank later.
            I asked, "Why?"| He didn't answer.
            Oh, no!| "Not again," he said.
            He came at 10.30.| She came at 11.
            He said it.* It was true.
            Well—yes.| No—never.
            End of story.   | Two spaces  and three.
            Ask Mr. and Mrs. Lee.| They know.
            We have cats, dogs, etc.| They eat.
            You and I. M. Pei.
            John F. Kennedy and Robert F. Kennedy were brothers.
            This is it. And that is that.
            """
            .replacing("Hello!How are you?\n", with: "Hello!|How are you?\n").replacing(
                "Well... Yes.\n", with: "Well...| Yes.\n"
            )
            .replacing("This is it. And", with: "This is it.| And").replacing("Yahoo! is old.\n", with: "")
            .replacing("He said it.* It", with: "He said it.*| It"), .english)
    }

    @Test func french() {
        check(
            """
            Bonjour.| Comment allez-vous ?| Très bien !
            M. Dupont est là.| Il attend.
            Mme Curie est née en 1867.| Elle est morte en 1934.
            « Oui ! » dit-il.| Elle rit.
            « Oui. »| « Non. »
            Il a dit : « Viens ! »| Elle est venue.
            Quoi ?| Encore ?!
            Voir p. 12 et art. 5.| C'est clair.
            Apportez des pommes, des poires, etc.| Ne tardez pas.
            Des pommes, des poires, etc. sont des fruits.
            J.-P. Sartre a écrit.| Simone aussi.
            Il est né en 50 av. J.-C. à Rome.
            Cela coûte 3,50 €.| C'est cher.
            Le Dr Martin arrive.| Le Pr. Petit part.
            Attends...| Qu'est-ce que c'est ?
            Je crois... peut-être.
            Ouvrez https://exemple.fr/a.html.| Fermez-le.
            C'est fini.| L'eau est froide.
            """, .french)
    }

    @Test func german() {
        check(
            """
            Hallo.| Wie geht es?| Gut!
            Dr. Müller kommt.| Er ist da.
            Am 3. Mai war es kalt.| Am 4. Juni nicht.
            Der 2. Weltkrieg endete 1945.| Danach kam Frieden.
            Er ist 20.| Sie ist 30.
            Das gilt z.B. für Äpfel.| Und für Birnen.
            Wir haben Äpfel, Birnen usw.| Kommt!
            „Halt!“ rief er.| Sie lief.
            „Halt.“| Er lief.
            Siehe Nr. 5 und Abb. 3.| Alles klar.
            Er wohnt in der Hauptstr. 5.| Sie auch.
            Das ist d.h. gut.
            Am 24. und 25. Dezember ist zu.
            """, .german)
    }

    @Test func spanish() {
        check(
            """
            Hola.| ¿Cómo estás?| ¡Muy bien!
            El Sr. García vive aquí.| La Sra. López no.
            ¡Hola!| ¿Qué tal?
            Ud. tiene razón.| Yo no.
            Vive en EE.UU. desde 2010.
            Compra manzanas, peras, etc.| No tardes.
            Véase la pág. 12.| Es clara.
            Cuesta 3,50 €.| Es caro.
            «¡Alto!»| Él corrió.
            """, .spanish)
    }

    @Test func ideographicMarksNeedNoSpace() {
        check("你好。|我很好！|你呢？", .english)
    }

    @Test func nothingFromNothing() {
        #expect(SentenceSplitter().sentences(in: "") == [])
        #expect(SentenceSplitter().sentences(in: " \n\t") == [])
        #expect(SentenceSplitter().sentences(in: " a ") == [1..<2])
    }

    /// Twenty thousand marks of each kind: quadratic work would take minutes.
    @Test(.timeLimit(.minutes(3)), arguments: [".", "! ", "(", "()", "a. ", "A. ", "😀", ". 😀 ", "\"'", "[1].", "... "])
    func linearTime(_ unit: String) {
        let text = String(repeating: unit, count: 20_000)
        let ranges = SentenceSplitter().sentences(in: text)
        #expect(ranges.last.map { $0.upperBound <= text.unicodeScalars.count } ?? true)
    }
}

extension StringProtocol {
    fileprivate var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text = text.dropFirst() }
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return String(text)
    }
}
