/// The configuration in force, and what is wrong with the file since.
package struct ConfigurationStatus: FieldValue {
  @Field package var file: String
  @Field package var loadedAt: WallTime
  /// Why the file was refused at the last reload; nil where it is the one in force.
  @Field package var error: String?
  /// What has become of the file since; nil where it could not be read in time.
  @Field package var onDisk: FileOnDisk?

  package init(
    file: String, loadedAt: WallTime, error: String? = nil, onDisk: FileOnDisk? = nil
  ) {
    self.file = file
    self.loadedAt = loadedAt
    self.error = error
    self.onDisk = onDisk
  }

  package static var absent: Self { Self(file: "", loadedAt: .absent) }
}
