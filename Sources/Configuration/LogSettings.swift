/// The `log` section.
package struct LogSettings: Hashable, Sendable {
  /// The names are swift-log's.
  package enum Level: String, CaseIterable, Hashable, Sendable {
    case trace, debug, info, notice, warning, error, critical
  }

  package enum Format: String, CaseIterable, Hashable, Sendable {
    case text, json
  }

  package var level: Level
  package var format: Format

  init(_ value: Value?) {
    let section = value.flatMap { Section($0) }
    level = section?.value("level")?.choice(Level.self) ?? .info
    format = section?.value("format")?.choice(Format.self) ?? .text
    section?.finish()
  }
}
