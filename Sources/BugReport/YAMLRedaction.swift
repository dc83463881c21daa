internal import YAMLDocuments

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
    let node: YAMLNode?
    do throws(YAMLFault) {
      node = try YAMLReader.document(YAMLText(text))
    } catch {
      throw Failure("it is not YAML that can be read")
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
    self.text = redacted.yamlText
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
    mutating func redact(_ node: YAMLNode, isSecret: Bool, key: String?) -> YAMLNode {
      left -= 1
      guard left > 0 else { return YAMLNode(.init("", isPlain: true), at: node.place) }
      switch node.content {
      case .scalar(let scalar): return YAMLNode(redact(scalar, isSecret, key), at: node.place)
      case .list(let list):
        // `args: [--token, abc]`.
        let follow = [false] + list.map { Self.isOption($0.scalar?.text ?? "") }
        return YAMLNode(
          zip(list, follow).map { redact($0, isSecret: isSecret || $1, key: key) }, at: node.place)
      case .mapping(let mapping):
        return YAMLNode(redact(mapping, isSecret, key), at: node.place)
      }
    }

    /// A key that is written twice may hold a second secret: both go through here.
    private mutating func redact(
      _ mapping: YAMLMapping, _ isSecret: Bool, _ key: String?
    ) -> YAMLMapping {
      // `{name: PASSWORD, value: …}`, as environments are written.
      let named =
        mapping.entries.first { $0.name.lowercased() == "name" }?.value.scalar
        .map { SecretName.promises($0.text) } ?? false
      // An object of Kubernetes whose values are secrets, whatever their names.
      let isSecretObject = mapping.entries.contains {
        $0.name == "kind" && $0.value.scalar?.text == "Secret"
      }
      return YAMLMapping(
        (mapping.entries + mapping.repetitions.map(\.entry)).map { entry in
          let name = entry.name
          let promises =
            SecretName.promises(name) || named && name.lowercased() == "value"
            || isSecretObject && ["data", "stringData"].contains(name)
          var redacted = entry
          redacted.name = Scrubber(secrets: []).scrub(name)
          redacted.value = redact(
            entry.value, isSecret: isSecret || promises, key: promises || !isSecret ? name : key)
          return redacted
        })
    }

    private mutating func redact(
      _ scalar: YAMLNode.Scalar, _ isSecret: Bool, _ key: String?
    ) -> YAMLNode.Scalar {
      let text = scalar.text
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
        result.text = Scrubber.mark
        return result
      }
      if key?.lowercased() == "kubeconfig", text.hasPrefix("/") { kubeconfigs.insert(text) }
      // Most values are single words, in which nothing can hide.
      guard text.utf8.contains(where: { "/=:@. \n".utf8.contains($0) }) else { return scalar }
      if Self.placesOfHosts.contains(key?.lowercased() ?? ""),
        let found = UserInformation.range(in: text)
      {
        noteUserInformation(String(text[found]))
        result.text = UserInformation.removed(from: text)
        return result
      }
      if key?.lowercased() == "username", let end = text.firstIndex(where: { ":@/ ".contains($0) })
      {
        // A user name with more than a name in it holds what belongs elsewhere.
        noteUserInformation(text)
        noteUserInformation(String(text[end...].dropFirst()))
        result.text = Scrubber.mark
        return result
      }
      for found in UserInformation.look(in: text) { noteUserInformation(String(text[found])) }
      result.text = Scrubber(secrets: []).scrub(text)
      return result
    }

    /// Keys of the configuration and of kubeconfigs whose values are hosts.
    private static let placesOfHosts: Set = [
      "endpoints", "endpoint", "server", "proxy-url", "listen", "url",
    ]

    private static func isOption(_ text: String) -> Bool {
      text.hasPrefix("-") && !text.contains("=") && SecretName.promises(text)
    }

    /// The password of a URL may turn up elsewhere without the URL.
    private mutating func noteUserInformation(_ information: String) {
      secrets.insert(information)
      if let colon = information.firstIndex(of: ":") {
        secrets.insert(String(information[information.index(after: colon)...]))
      }
    }
  }
}
