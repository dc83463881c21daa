internal import HTTPTransport
internal import LinuxSystem
internal import Time

/// Collects the parts of a report, all at once, each bounded in time and size, and takes the secrets out.
package struct Report: Sendable {
  /// For each part.
  package static let patience = Duration.seconds(5)
  /// Octets of each part.
  package static let longestPart = 5 << 20

  /// Name and text of each file that could be had, the manifest first.
  package let files: [(name: String, text: String)]

  /// - Parameters:
  ///   - heading: the manifest's first lines.
  ///   - patience: for each part; a part that takes longer is left out.
  /// - Throws: only `CancellationError`.
  package init(
    _ parts: [ReportPart], heading: String, scrubber: Scrubber, patience: Duration = Self.patience
  ) async throws {
    let outcomes = try await withThrowingTaskGroup(of: (Int, Outcome).self) { group in
      for (index, part) in parts.enumerated() {
        group.addTask { (index, try await Self.outcome(of: part, within: patience)) }
      }
      var outcomes: [Int: Outcome] = [:]
      for try await (index, outcome) in group { outcomes[index] = outcome }
      return outcomes
    }
    var manifest = heading + "\n"
    var files: [(name: String, text: String)] = []
    for (index, part) in parts.enumerated() {
      switch outcomes[index] {
      case .text(let text, let isCut):
        let note = isCut ? ", cut after \(Self.longestPart >> 20) MiB" : ""
        manifest += "\(part.file): \(part.title)\(note)\n"
        files.append((part.file, scrubber.scrub(text)))
      case .missing(let reason): manifest += "\(part.file): MISSING, \(part.title): \(reason)\n"
      case nil: break
      }
    }
    self.files = [("manifest.txt", scrubber.scrub(manifest))] + files
  }

  private enum Outcome {
    case text(String, isCut: Bool)
    case missing(String)
  }

  private static func outcome(
    of part: ReportPart, within patience: Duration
  ) async throws -> Outcome {
    do {
      let text = try await withDeadline(.now + patience) { try await part.collect() }
      guard text.utf8.count > longestPart else { return .text(text, isCut: false) }
      return .text(String(decoding: text.utf8.prefix(longestPart), as: UTF8.self), isCut: true)
    } catch is DeadlinePassed {
      return .missing("not there within \(patience.nanoseconds / 1_000_000) ms")
    } catch let error as CancellationError {
      throw error
    } catch {
      return .missing("\(error)".split(whereSeparator: \.isNewline).joined(separator: " "))
    }
  }
}
