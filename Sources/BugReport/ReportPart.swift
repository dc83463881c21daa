/// One file of a report: how it is called, what it is, and how it is had.
package struct ReportPart: Sendable {
  /// The file's name in the archive.
  package let file: String
  /// For the manifest.
  package let title: String
  /// Its text; an error is a line in the manifest.
  package let collect: @concurrent @Sendable () async throws -> String

  package init(
    _ file: String, _ title: String,
    collect: @escaping @concurrent @Sendable () async throws -> String
  ) {
    self.file = file
    self.title = title
    self.collect = collect
  }

  /// Why a part could not be had, for people.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
  }
}
