internal import YAMLKeys
internal import Yams

/// A YAML text without its secrets, told by the names of its keys; comments, which may hold anything,
/// go with them.
///
/// Paths stay: where the secrets are is no secret, and often the fault.
package struct YAMLRedaction: Sendable {
  package let text: String
  /// What was taken out.
  package let secrets: Set<String>
  /// The files that keys of secrets name.
  package let files: Set<String>
  /// The kubeconfigs that it names, which have secrets of their own.
  package let kubeconfigs: Set<String>

  /// Values looked at, aliases followed; no configuration has as many.
  private static let limit = 300_000

  /// - Throws: where the text is no YAML. The error does not quote it.
  package init(_ text: String) throws(Failure) {
    var walk = Walk()
    guard YAMLKeys.placeOfComplexKeyWithAliases(in: text) == nil else {
      throw Failure("it has keys that are not plain text")
    }
    let node: Node?
    do {
      node = try Yams.compose(yaml: text)
    } catch {
      throw Failure("it is no YAML that can be read")
    }
    guard let node else {
      self.text = ""
      secrets = []
      files = []
      kubeconfigs = []
      return
    }
    let redacted = walk.redact(node, isSecret: false, key: nil)
    guard walk.left > 0 else { throw Failure("it has too many values") }
    do {
      self.text = try Yams.serialize(node: redacted)
    } catch {
      throw Failure("it cannot be written again")
    }
    secrets = walk.secrets
    files = walk.files
    kubeconfigs = walk.kubeconfigs
  }

  package struct Failure: Error, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
  }

  private struct Walk {
    var secrets: Set<String> = []
    var files: Set<String> = []
    var kubeconfigs: Set<String> = []
    var left = YAMLRedaction.limit

    /// - Parameters:
    ///   - isSecret: whether a key above promises a secret.
    ///   - key: the nearest key.
    mutating func redact(_ node: Node, isSecret: Bool, key: String?) -> Node {
      left -= 1
      guard left > 0 else { return Node("") }
      switch node {
      case .scalar(let scalar): return .scalar(redact(scalar, isSecret, key))
      case .sequence(let sequence):
        return .sequence(
          Node.Sequence(
            sequence.map { redact($0, isSecret: isSecret, key: key) }, sequence.tag, sequence.style)
        )
      case .mapping(let mapping): return .mapping(redact(mapping, isSecret, key))
      case .alias: return Node(Scrubber.mark)
      }
    }

    private mutating func redact(
      _ mapping: Node.Mapping, _ isSecret: Bool, _ key: String?
    ) -> Node.Mapping {
      // `{name: PASSWORD, value: …}`, as environments are written.
      let named =
        mapping.first { $0.key.string?.lowercased() == "name" }?.value.string
        .map(SecretName.promises) ?? false
      let pairs = mapping.map { pair in
        let name = pair.key.string ?? ""
        let promises = SecretName.promises(name) || named && name.lowercased() == "value"
        return (
          redact(pair.key, isSecret: false, key: nil),
          redact(
            pair.value, isSecret: isSecret || promises, key: promises || !isSecret ? name : key)
        )
      }
      return Node.Mapping(pairs, mapping.tag, mapping.style)
    }

    private mutating func redact(
      _ scalar: Node.Scalar, _ isSecret: Bool, _ key: String?
    ) -> Node.Scalar {
      let text = scalar.string
      var result = scalar
      if isSecret {
        if text.hasPrefix("/"), SecretName.mayNameFile(key ?? ""), !text.contains("\n") {
          files.insert(text)
          return scalar
        }
        guard !["", "~", "null", "true", "false"].contains(text) else { return scalar }
        secrets.insert(text)
        // A block may be quoted in part.
        for line in text.split(whereSeparator: \.isNewline) { secrets.insert(String(line)) }
        result.string = Scrubber.mark
        return result
      }
      if key?.lowercased() == "kubeconfig", text.hasPrefix("/") { kubeconfigs.insert(text) }
      // Most values are single words, in which nothing can hide.
      guard text.utf8.contains(where: { "/=: \n".utf8.contains($0) }) else { return scalar }
      noteUserInformation(text)
      result.string = Scrubber(secrets: []).scrub(text)
      return result
    }

    /// The password of a URL may turn up elsewhere without the URL.
    private mutating func noteUserInformation(_ text: String) {
      guard let start = text.firstRange(of: "://")?.upperBound else { return }
      let authority = text[start...].prefix { !"/?#".contains($0) }
      guard let at = authority.lastIndex(of: "@") else { return }
      let information = authority[..<at]
      secrets.insert(String(information))
      if let colon = information.firstIndex(of: ":") {
        secrets.insert(String(information[information.index(after: colon)...]))
      }
    }
  }
}
