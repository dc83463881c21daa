/// One thing a selector asks of an object's labels, checked and ready to be held against many.
package struct LabelRequirement: Hashable, Sendable {
  package enum Condition: Hashable, Sendable {
    case isOneOf([String])
    /// Holds as well where the label is absent.
    case isNoneOf([String])
    case exists
    case doesNotExist
  }

  package let key: String
  package let condition: Condition

  /// Whether it holds for an object whose label `key` has this value; nil: it does not have the label.
  package func holds(for value: String?) -> Bool {
    switch condition {
    case .isOneOf(let values): value.map(values.contains) ?? false
    case .isNoneOf(let values): value.map { !values.contains($0) } ?? true
    case .exists: value != nil
    case .doesNotExist: value == nil
    }
  }
}

extension LabelRequirement {
  /// A label by which it would hold, as YAML has it: `role: "gateway"`.
  var example: String {
    guard case .isOneOf(let values) = condition, let value = values.first else {
      return "\(key): \"\""
    }
    return "\(key): \"\(value)\""
  }
}

extension [LabelRequirement] {
  package func hold(for labels: Labels) -> Bool {
    allSatisfy { $0.holds(for: labels[$0.key]) }
  }

  /// For a Service, with the two labels that it has besides its own.
  package func hold(for service: Service) -> Bool {
    allSatisfy { $0.holds(for: service.label($0.key)) }
  }
}

extension Service {
  /// The value of a label as selectors see it; nil where the Service does not have it.
  ///
  /// Two labels say what the Service is called. Its own labels of these names, if somebody wrote such,
  /// do not count.
  package func label(_ key: String) -> String? {
    switch key {
    case "io.kubernetes.service.namespace": name.namespace
    case "io.kubernetes.service.name": name.name
    default: labels[key]
    }
  }
}
