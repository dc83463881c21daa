package import Logging

/// The program's backend for swift-log: one line an event, to one `LogOutput`.
package struct DaemonLogHandler: LogHandler {
  package var metadata: Logger.Metadata = [:]
  package var metadataProvider: Logger.MetadataProvider?

  private let output: LogOutput
  private var ownLevel: Logger.Level?

  package init(output: LogOutput) {
    self.output = output
  }

  /// The output's level, until this logger is given one of its own.
  package var logLevel: Logger.Level {
    get { ownLevel ?? output.level }
    set { ownLevel = newValue }
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// The fields of the event win over the logger's, and those over the provider's.
  package func log(event: LogEvent) {
    var fields = metadataProvider?.get() ?? [:]
    fields.merge(metadata) { _, own in own }
    if let more = event.metadata { fields.merge(more) { _, own in own } }
    if let error = event.error { fields["error"] = "\(error)" }
    output.write(
      LogLine.make(
        level: event.level, message: event.message.description, fields: fields,
        format: output.format, destination: output.destination, time: .now),
      level: event.level)
  }
}
