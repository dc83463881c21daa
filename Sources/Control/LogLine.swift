package import Logging

/// One event of the log as a line of text.
package enum LogLine {
  /// The line with its end, as `destination` wants it.
  ///
  /// - Parameter fields: sorted by name here, so that equal events make equal lines.
  package static func make(
    level: Logger.Level, message: String, fields: Logger.Metadata, format: LogOutput.Format,
    destination: LogOutput.Destination, time: WallTime
  ) -> String {
    let sorted = fields.sorted { $0.key < $1.key }
    let prefix = destination == .journal ? "<\(priority(of: level))>" : ""
    switch format {
    case .text:
      var line = prefix
      // The journal shows time and priority by itself.
      if destination == .stream {
        let name = level.rawValue
        line += "\(time) \(name)\(String(repeating: " ", count: max(0, 5 - name.count))) "
      }
      line += printable(message)
      for (name, value) in sorted { line += " \(printable(name))=\(quoted(text(value)))" }
      return line + "\n"
    case .json:
      var members: [String] = []
      if destination == .stream { members.append("\"time\":\"\(time)\"") }
      members.append("\"level\":\"\(level.rawValue)\"")
      members.append("\"message\":\(string(message))")
      for (name, value) in sorted {
        // A field may not stand in for what the line itself says.
        let isTaken = ["time", "level", "message"].contains(name)
        members.append("\(string(isTaken ? "\(name)_" : name)):\(json(value))")
      }
      return "\(prefix){\(members.joined(separator: ","))}\n"
    }
  }

  /// `syslog(3)`: 2 critical to 7 debug.
  private static func priority(of level: Logger.Level) -> Int {
    switch level {
    case .trace, .debug: 7
    case .info: 6
    case .notice: 5
    case .warning: 4
    case .error: 3
    case .critical: 2
    }
  }

  private static func text(_ value: Logger.MetadataValue) -> String {
    switch value {
    case .string(let text): text
    case .stringConvertible(let value): value.description
    case .array(let values): values.map(text).joined(separator: ",")
    case .dictionary(let values):
      values.sorted { $0.key < $1.key }.map { "\($0.key):\(text($0.value))" }
        .joined(separator: ",")
    }
  }

  /// As it is where it is one word; else in quotes, with quotes and backslashes escaped.
  private static func quoted(_ text: String) -> String {
    let isWord =
      !text.isEmpty
      && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != 0x22 && $0 != 0x3d && $0 != 0x5c }
    if isWord { return text }
    var escaped = ""
    for character in text {
      if character == "\"" || character == "\\" { escaped.append("\\") }
      escaped.append(character)
    }
    return "\"\(printable(escaped))\""
  }

  private static func json(_ value: Logger.MetadataValue) -> String {
    switch value {
    case .string(let text): string(text)
    case .stringConvertible(let value):
      switch value {
      case let number as any BinaryInteger: "\(number)"
      case let flag as Bool: flag ? "true" : "false"
      default: string(value.description)
      }
    case .array(let values): "[\(values.map(json).joined(separator: ","))]"
    case .dictionary(let values):
      "{"
        + values.sorted { $0.key < $1.key }.map { "\(string($0.key)):\(json($0.value))" }
        .joined(separator: ",") + "}"
    }
  }

  private static func string(_ text: String) -> String {
    String(decoding: JSON.line(text), as: UTF8.self)
  }
}
