internal import Cluster
internal import KubernetesObjects

/// The objects of a kind that cannot be read, each as long as it cannot.
struct UnreadObjects: Sendable {
  private var objects: [UnreadableObject] = []
  /// There were more than are remembered: which of them can be read by now is not known before the next list.
  private var isCut = false

  /// A server that sends nothing else must not fill the memory.
  private static let limit = 1000
  /// A few make the point.
  private static let shown = 8

  init(_ objects: [UnreadableObject] = []) {
    self.objects = Array(objects.prefix(Self.limit))
    isCut = objects.count > Self.limit
  }

  mutating func insert(_ object: UnreadableObject) {
    objects.removeAll { $0 == object || $0.name == object.name && object.name != nil }
    if objects.count < Self.limit { objects.append(object) } else { isCut = true }
  }

  /// It can be read, or is gone.
  mutating func remove(_ name: ObjectName) { objects.removeAll { $0.name == name } }

  func contains(_ name: ObjectName) -> Bool { objects.contains { $0.name == name } }

  /// The first of them, each with its reason.
  var reasons: [String] {
    if objects.isEmpty, isCut { return ["objects that could not be read when they came"] }
    return objects.prefix(Self.shown).map(\.reason)
  }

  /// In one line; nil where everything can be read.
  var summary: String? {
    guard let first = reasons.first else { return nil }
    return objects.count > 1 ? "\(first) (and \(objects.count - 1) more)" : first
  }
}
