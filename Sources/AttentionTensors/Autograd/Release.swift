internal import Glibc

/// Frees what pullbacks hold, one after another instead of one inside another.
///
/// To free a pullback frees the tensors it captured, and with the last of them their nodes, whose pullbacks capture the tensors before
/// them: as recursion that takes a frame of the stack for every step of the computation, and a long one overflows it. So each thread has a
/// list of pullbacks to be freed. The first node that goes works through it; the nodes that go meanwhile only add to it and return.
///
/// - Complexity: O(1) for each node; the list holds no more than the inputs whose turn has not come.
final class Release {
    private var waiting: [Node.Pullback?] = []
    private var isUnderWay = false

    /// Takes the pullback and frees it now, or after those that this thread is freeing already.
    static func take(_ pullback: inout Node.Pullback?) {
        let release = ofThisThread
        release.waiting.append(pullback)
        pullback = nil
        guard !release.isUnderWay else { return }
        release.isUnderWay = true
        while !release.waiting.isEmpty { _ = release.waiting.removeLast() }
        release.isUnderWay = false
    }

    private static var ofThisThread: Release {
        if let known = pthread_getspecific(key) { return Unmanaged<Release>.fromOpaque(known).takeUnretainedValue() }
        let made = Unmanaged.passRetained(Release())
        pthread_setspecific(key, made.toOpaque())
        return made.takeUnretainedValue()
    }

    /// Under which every thread keeps its own, until it ends.
    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        let failure = pthread_key_create(&key) { kept in
            if let kept { Unmanaged<Release>.fromOpaque(kept).release() }
        }
        precondition(failure == 0, "Release: the system has no thread-specific key left (error \(failure))")
        return key
    }()
}
