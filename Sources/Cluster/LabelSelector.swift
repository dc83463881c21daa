/// A selector as it is written in an object (`metav1.LabelSelector`), not yet checked.
///
/// All of its requirements must hold; one without any holds for everything.
package struct LabelSelector: Hashable, Sendable {
  package var matchLabels: [String: String]
  package var matchExpressions: [Expression]

  /// One element of `matchExpressions`. The operator is text, because what is written may be none.
  package struct Expression: Hashable, Sendable {
    package var key: String
    package var `operator`: String
    package var values: [String]

    package init(key: String, operator: String, values: [String] = []) {
      self.key = key
      self.operator = `operator`
      self.values = values
    }
  }

  /// A selector that cannot be used: where in it, and why.
  package struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
    /// `matchExpressions[0].values`, as people find it in the object.
    package let path: String
    package let message: String

    package var description: String { "\(path): \(message)" }
  }

  package init(matchLabels: [String: String] = [:], matchExpressions: [Expression] = []) {
    self.matchLabels = matchLabels
    self.matchExpressions = matchExpressions
  }

  /// Checks the selector as the API server does for its own kinds of object
  /// (`LabelSelectorAsSelector`). Custom resources reach us unchecked beyond their schema.
  package func requirements() throws(Fault) -> [LabelRequirement] {
    var result: [LabelRequirement] = []
    // In a fixed order, so that of two faults the same one is reported every time.
    for (key, value) in matchLabels.sorted(by: { $0.key < $1.key }) {
      try Self.check(key: key, path: "matchLabels")
      try Self.check(value: value, path: "matchLabels[\(key)]")
      result.append(LabelRequirement(key: key, condition: .isOneOf([value])))
    }
    for (number, expression) in matchExpressions.enumerated() {
      let path = "matchExpressions[\(number)]"
      try Self.check(key: expression.key, path: "\(path).key")
      result.append(
        LabelRequirement(
          key: expression.key, condition: try Self.condition(of: expression, path: path)))
      for (position, value) in expression.values.enumerated() {
        try Self.check(value: value, path: "\(path).values[\(position)]")
      }
    }
    return result
  }

  private static func condition(
    of expression: Expression, path: String
  ) throws(Fault) -> LabelRequirement.Condition {
    switch expression.operator {
    case "In", "NotIn":
      guard !expression.values.isEmpty else {
        throw Fault(path: "\(path).values", message: "\(expression.operator) needs at least one")
      }
      return expression.operator == "In"
        ? .isOneOf(expression.values) : .isNoneOf(expression.values)
    case "Exists", "DoesNotExist":
      guard expression.values.isEmpty else {
        throw Fault(path: "\(path).values", message: "\(expression.operator) takes none")
      }
      return expression.operator == "Exists" ? .exists : .doesNotExist
    default:
      throw Fault(
        path: "\(path).operator",
        message: "'\(expression.operator)' is none of In, NotIn, Exists and DoesNotExist")
    }
  }

  private static func check(key: String, path: String) throws(Fault) {
    if let reason = LabelSyntax.fault(inKey: key) { throw Fault(path: path, message: reason) }
  }

  private static func check(value: String, path: String) throws(Fault) {
    if let reason = LabelSyntax.fault(inValue: value) { throw Fault(path: path, message: reason) }
  }
}
