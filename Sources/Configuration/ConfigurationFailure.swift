internal import YAMLDocuments

/// A configuration that cannot be used, with every fault found in it.
package struct ConfigurationFailure: Error, Hashable {
  /// In the order of the file; never empty.
  package let diagnostics: [ConfigurationDiagnostic]

  package init(diagnostics: [ConfigurationDiagnostic]) {
    precondition(!diagnostics.isEmpty, "a failure says why")
    // Stable, so that two faults at one place stay in the order they were found.
    self.diagnostics = diagnostics.enumerated().sorted { left, right in
      let places = (
        left.element.place ?? Place(line: 0, column: 0),
        right.element.place ?? Place(line: 0, column: 0)
      )
      return places.0 == places.1 ? left.offset < right.offset : places.0 < places.1
    }.map(\.element)
  }
}

extension ConfigurationFailure: CustomStringConvertible {
  /// One line for each fault.
  package var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}
