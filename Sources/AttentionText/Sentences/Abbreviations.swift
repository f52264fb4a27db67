/// The words of a language that decide whether a full stop ends a sentence. All are written small and without their last full stop.
struct Abbreviations: Sendable {
    /// Always followed by what they belong to: titles, "e.g.", "approx.".
    let leading: Set<String>
    /// Abbreviations before a number and ordinary words or ends otherwise: "No. 5", "p. 12".
    let numbering: Set<String>
    /// At home inside a sentence and at its end: "Inc.", "Jan.", "etc.".
    let closing: Set<String>
    /// Words that begin sentences, and names hardly ever.
    let starters: Set<String>
    /// Words behind which a single capital is a label: "plan B."
    let labelled: Set<String>
    /// Words behind which a number with a full stop is an ordinal: German "am 3. Mai". Empty where ordinals have none.
    let beforeOrdinals: Set<String>

    private init(
        leading: String, numbering: String, closing: String, starters: String, labelled: String,
        beforeOrdinals: String = ""
    ) {
        func words(_ text: String) -> Set<String> {
            Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
        }
        self.leading = words(leading)
        self.numbering = words(numbering)
        self.closing = words(closing)
        self.starters = words(starters)
        self.labelled = words(labelled)
        self.beforeOrdinals = words(beforeOrdinals)
    }

    static let english = Abbreviations(
        leading: """
            mr mrs ms mx messrs dr drs prof profs rev fr hon gen col maj capt cpt cmdr lt sgt cpl adm gov sen rep pres supt insp st mt ft vs
            v e.g i.e cf viz approx resp incl excl ca a.k.a w.r.t esp
            """,
        numbering:
            "c no nos p pp vol vols ch chap sec sect fig figs eq eqs art arts para par ex ed n nr op ver tel ext ref",
        closing: """
            inc ltd co corp llc jr sr bros etc al a.m p.m u.s u.k u.n u.s.a u.s.s.r e.u d.c b.c a.d b.c.e c.e ph.d m.d b.a m.a ave blvd rd
            st dept est ed jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun min max hr hrs mins
            secs yr yrs oz lb lbs ft sq univ assn
            """,
        starters: """
            the a an he she it i we you they this that these those there here in on at for from but and or so if when while after before as
            my your his her its our their what who why how where which no yes not then however although because since every all some most
            many one two another is are was were do does did can could will would should please let let's it's i'm he's she's we're they're
            that's there's what's don't
            """,
        labelled: """
            plan vitamin grade option type class group section figure appendix part point step hepatitis team side level line column exhibit
            platform room gate exit terminal block building model version schedule table question answer category zone
            """)

    static let french = Abbreviations(
        leading: """
            m mm mme mmes mlle mlles dr drs pr prof me mgr st ste gén col cap lt cf env p.ex par.ex av apr c.-à-d i.e vs ex éd dir
            """,
        numbering: "n no nos nº p pp vol chap ch art al fig tél réf t sect éd v",
        closing:
            "etc janv févr avr juil sept oct nov déc lun mar mer jeu ven sam dim bd blvd j.-c s.a s.a.r.l inc ltée cie min max h",
        starters: """
            le la les un une des il elle ils elles on je tu nous vous ce cette ces cet c'est cela ça mais et ou donc si quand en dans pour par
            avec sans mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs l d j c n s qu que qui quoi où comment pourquoi tout
            tous après avant puis alors ainsi oui non
            """,
        labelled:
            "plan vitamine groupe type classe option section annexe partie point étape hépatite niveau ligne salle quai porte bloc"
    )

    static let german = Abbreviations(
        leading: """
            hr fr dr prof dipl ing st z.b d.h u.a u.ä i.d.r v.a bzw ca evtl ggf inkl exkl sog vgl vs bspw insb z.t o.ä s.o s.u z.zt geb
            gest hl kath ev phil med jur
            """,
        numbering: "nr s abs art bd kap abb tel aufl jh ziff bl §",
        closing:
            "usw etc jan feb märz apr jun jul aug sep sept okt nov dez mo di mi do fr sa so str co inkl mio mrd min max std n.chr v.chr e.v a.d",
        starters: """
            der die das ein eine er sie es ich wir ihr du und aber oder in im am auf mit für von zu wenn als da dann so was wer wie wo warum
            dieser diese dieses mein meine sein seine nicht kein keine man hier nach bei seit heute gestern morgen ja nein
            """,
        labelled:
            "plan vitamin gruppe typ klasse option abschnitt anhang teil punkt schritt hepatitis stufe linie saal gleis tor block",
        beforeOrdinals: """
            am der die das dem den des im vom zum zur beim ab bis seit und oder jeden jeder jede jedes dieser dieses diesem diesen sein seine
            ihr ihre mein meine ihrem seinem ihren seinen einen einem eines nach vor
            """)

    static let spanish = Abbreviations(
        leading:
            "sr sra sres sras srta d dña dr dra drs prof profa lic ing arq gral cnel st sto sta p.ej ej vs aprox ud uds vd vds exc",
        numbering: "n no núm nº pág págs p pp vol cap art fig tel tfno apdo c av avda",
        closing:
            "etc ene feb mar abr may jun jul ago sep sept oct nov dic lun mié jue vie sáb dom s.a s.l ee.uu a.m p.m a.c d.c cía ltda min máx h",
        starters: """
            el la los las un una él ella ellos ellas yo tú nosotros usted ustedes este esta esto estos estas ese esa eso pero y o si cuando en
            de con por para mi mis su sus no sí hay es son fue era entonces aquí allí qué quién cómo dónde por después antes luego también
            """,
        labelled:
            "plan vitamina grupo tipo clase opción sección anexo parte punto paso hepatitis nivel línea sala puerta bloque"
    )
}
