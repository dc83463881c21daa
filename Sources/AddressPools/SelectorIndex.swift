internal import Cluster

/// Which pools select a Service, without holding it against each of hundreds.
///
/// Most selectors ask for one value of one label. Pools are filed under what they ask for, so that a
/// Service is held against those only that its own labels lead to.
struct SelectorIndex: Sendable {
  /// Pools that select every Service.
  private let unconditional: [Int32]
  /// By label and value: pools whose selector asks for it, among other things.
  private var byLabel: [String: [String: [Int32]]] = [:]
  /// Pools whose selector asks for no value.
  private var others: [Int32] = []
  private let requirements: [[LabelRequirement]?]

  /// - Parameter requirements: of each pool; nil for one whose selector is faulty, which selects nobody.
  init(_ requirements: [[LabelRequirement]?]) {
    self.requirements = requirements
    var unconditional: [Int32] = []
    for (position, list) in requirements.enumerated() {
      guard let list else { continue }
      if list.isEmpty {
        unconditional.append(Int32(position))
        continue
      }
      var isFiled = false
      for requirement in list {
        guard case .isOneOf(let values) = requirement.condition else { continue }
        for value in Set(values) {
          byLabel[requirement.key, default: [:]][value, default: []].append(Int32(position))
        }
        isFiled = true
        break
      }
      if !isFiled { others.append(Int32(position)) }
    }
    self.unconditional = unconditional
  }

  /// The positions of the pools that select a Service, in order.
  func pools(for service: Service) -> [Int32] {
    var found: [Int32] = []
    func take(_ candidates: [Int32]) {
      for position in candidates where requirements[Int(position)]?.hold(for: service) ?? false {
        found.append(position)
      }
    }
    for (key, byValue) in byLabel {
      if let value = service.label(key), let candidates = byValue[value] { take(candidates) }
    }
    take(others)
    // One array for all Services that only such pools select.
    return found.isEmpty ? unconditional : (unconditional + found).sorted()
  }
}
