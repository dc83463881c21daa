import Foundation
import KubernetesTestKit
import Testing

/// A kpt package as `apply-setters` treats it: fields with a comment `kpt-set` get what the comment says, with the
/// setters' values in it.
///
/// Source: documentation of kpt's function catalog, `apply-setters`.
struct Setters {
  /// A value that a comment asks for.
  struct Field: Equatable {
    let file: String
    let line: Int
    let value: String
    /// `${image}`, or text around several of them.
    let pattern: String

    /// The names in the pattern.
    var setters: [String] { pattern.matches(of: /\$\{([^}]+)\}/).map { String($0.1) } }
  }

  /// Everything but the setters themselves.
  var files: [String: String]

  init() throws {
    let folder = Deployment.root.appending(path: "deploy/kpt")
    files = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
    where name.hasSuffix(".yaml") && name != "setters.yaml" {
      files[name] = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }
  }

  /// What `setters.yaml` has.
  static func values() throws -> [String: String] {
    let setters = try #require(try Deployment.objects("deploy/kpt/setters.yaml").first)
    return setters["data"].object.compactMapValues(\.string)
  }

  private static var comment:
    Regex<
      (
        Substring, head: Substring, quote: Substring, value: Substring, tail: Substring,
        pattern: Substring
      )
    >
  {
    /^(?<head>\s*(?:- )?(?:[\w.-]+: )?)(?<quote>"?)(?<value>[^"#]*?)"?(?<tail> # kpt-set: (?<pattern>.+))$/
  }

  var fields: [Field] {
    files.sorted { $0.key < $1.key }.flatMap { file, text in
      text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap {
        guard let match = $1.wholeMatch(of: Self.comment) else { return nil }
        return Field(
          file: file, line: $0 + 1, value: String(match.value), pattern: String(match.pattern))
      }
    }
  }

  /// The package with these values.
  func applied(_ values: [String: String]) -> Setters {
    var new = self
    new.files = files.mapValues { text in
      text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        guard let match = line.wholeMatch(of: Self.comment) else { return String(line) }
        var value = String(match.pattern)
        for (name, text) in values { value = value.replacing("${\(name)}", with: text) }
        return "\(match.head)\(match.quote)\(value)\(match.quote)\(match.tail)"
      }.joined(separator: "\n")
    }
    return new
  }
}
