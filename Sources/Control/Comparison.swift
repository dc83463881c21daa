/// What the daemon tells `announcer check`: what is in force, and what has become of its file.
///
/// Nothing of the file itself is in it but what its errors quote.
package struct Comparison: FieldValue {
  /// The daemon's version.
  @Field package var version: String
  @Field package var node: String
  @Field package var configuration: ConfigurationStatus
  /// The nodes that have a live session as far as this one knows, itself among them, by name; empty where it has
  /// none.
  @Field package var nodes: [String]

  package init(
    version: String, node: String, configuration: ConfigurationStatus, nodes: [String]
  ) {
    self.version = version
    self.node = node
    self.configuration = configuration
    self.nodes = nodes
  }

  package static var absent: Self {
    Self(version: "", node: "", configuration: .absent, nodes: [])
  }
}
