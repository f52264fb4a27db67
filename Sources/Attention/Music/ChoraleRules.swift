import AttentionDecoding
import AttentionMusic

/// Makes a model of notes write a chorale to an outline: at each place the voice whose turn it is, what is given where something is, and elsewhere
/// a pitch of the voice's range or silence; no end.
struct ChoraleRules: LogitProcessor {
    let outline: ChoraleOutline

    func process(_ scores: TokenScores, after text: WrittenText) {
        // The first token is the beginning.
        let place = text.count - 1
        guard outline.cells.indices.contains(place) else { return }
        let voice = Voice.allCases[place % Voice.allCases.count]
        switch outline.cells[place] {
        case .given(let pitch): scores.force(ChoraleVocabulary.token(pitch, voice).map { [$0] } ?? [])
        case .open:
            for token in 0..<scores.count {
                guard let meaning = ChoraleVocabulary.meaning(of: token), meaning.voice == voice,
                    meaning.pitch.map(voice.range.contains) ?? true
                else {
                    scores.forbid(token)
                    continue
                }
            }
        }
    }
}
