/// The configuration in force, and what is wrong with the file since.
package struct ConfigurationStatus: FieldValue {
  @Field package var file: String
  @Field package var loadedAt: WallTime
  /// Why the file was refused at the last reload; nil where it is the one in force.
  @Field package var error: String?

  package init(file: String, loadedAt: WallTime, error: String? = nil) {
    self.file = file
    self.loadedAt = loadedAt
    self.error = error
  }

  package static var absent: Self { Self(file: "", loadedAt: .absent) }
}
