/// A LAN that could not be set up or a command that did not do what a test relies on.
package struct LANError: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) {
    self.description = description
  }
}
