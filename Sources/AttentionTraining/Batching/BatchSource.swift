/// The batches of a training, epoch by epoch.
///
/// The same epoch always has the same batches in the same order, whatever was asked for before: that is what lets a training
/// continue from an epoch and an index.
public protocol BatchSource {
    /// What the loss is computed from.
    associatedtype Batch
    /// Batches in order, made when they are asked for.
    associatedtype Epoch: RandomAccessCollection where Epoch.Element == Batch, Epoch.Index == Int
    /// The batches of an epoch, counted from 0; indices start at 0.
    func epoch(_ number: Int) -> Epoch
}
