internal import Glibc

/// Pitch as it is heard, as a function of the frequency f in hertz.
public enum MelScale: Sendable, Hashable {
    /// 2595 log₁₀(1 + f / 700) (O'Shaughnessy 1987, as HTK has it); Kaldi's 1127 ln(1 + f / 700) is the same but for the digits of its factor.
    case htk
    /// 3 f / 200 up to 1000 Hz, above 15 + 27 ln(f / 1000) / ln 6.4 (Slaney, *Auditory Toolbox*, 1998): librosa's and Whisper's.
    case slaney
    /// 1127 ln(1 + f / 700)
    case kaldi

    private static let slaneyStep = 27 / log(6.4)

    /// The pitch of a frequency.
    public func mel(ofHertz frequency: Double) -> Double {
        switch self {
        case .htk: 2595 * log10(1 + frequency / 700)
        case .kaldi: 1127 * log(1 + frequency / 700)
        case .slaney: frequency < 1000 ? 3 * frequency / 200 : 15 + Self.slaneyStep * log(frequency / 1000)
        }
    }

    /// The frequency of a pitch.
    public func hertz(ofMel mel: Double) -> Double {
        switch self {
        case .htk: 700 * (pow(10, mel / 2595) - 1)
        case .kaldi: 700 * (exp(mel / 1127) - 1)
        case .slaney: mel < 15 ? 200 * mel / 3 : 1000 * exp((mel - 15) / Self.slaneyStep)
        }
    }
}
