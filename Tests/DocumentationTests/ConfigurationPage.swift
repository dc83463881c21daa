import Configuration

/// docs/configuration.md: every key, from the list that is held against the program.
enum ConfigurationPage {
  static var text: String {
    var text = """
      # Configuration

      Every key of `/etc/announcer/announcer.yaml`, with its default. Written by `make docs` from the list that
      `announcer.yaml(5)` comes from too.

      The file is YAML. Everything has a default except what to announce; `announcements: []` announces nothing.
      Unknown keys, values of the wrong type, addresses that cannot be announced and contradictions are errors,
      which name line, column and key, and say what would be right:

      ```console
      $ announcer check --config /etc/announcer/announcer.yaml
      $ sudo systemctl enable announcer
      $ sudo systemctl restart announcer
      $ sudo systemctl reload announcer
      ```

      A reload refuses a file with an error, and fails: `announcer reload`, which it runs, says why. The daemon
      goes on with what it had. Addresses that stay are not interrupted. What is marked † takes effect with a restart
      (`systemctl restart announcer`). A file in which that has changed is refused by a reload as a whole, new
      addresses included: they are not announced under the old lease. `announcer status` and `systemctl status` say so.

      Durations have a unit: `500ms`, `5s`, `1m`, `2h`. Paths are absolute. Patterns are regular expressions for
      names of interfaces, unanchored: `^lan0$` is one interface.

      """
    for chapter in ConfigurationReference.chapters {
      text += "\n## \(chapter.title)\n\n"
      text += "| key | value | default | meaning |\n|---|---|---|---|\n"
      for key in chapter.keys {
        text +=
          "| `\(key.path)`\(key.needsRestart ? " †" : "") | \(value(key)) | \(defaultText(key)) | \(key.meaning) |\n"
      }
    }
    return text + "\n## Everything at once\n\n```yaml announcer\n\(example)```\n"
  }

  private static func value(_ key: ConfigurationKey) -> String {
    let kind = key.kind.words
    if case .section = key.kind { return kind }
    if case .sections = key.kind { return kind }
    if case .choice = key.kind { return kind }
    if case .flag = key.kind { return kind }
    return "\(kind): `\(key.example)`"
  }

  private static func defaultText(_ key: ConfigurationKey) -> String {
    if let text = key.defaultText { return "`\(text)`" }
    return key.defaultMeaning ?? "none: it must be written"
  }

  /// The examples of all keys that can stand beside each other, as one file.
  static var example: String { lines(below: "", indent: "").joined() }

  private static func lines(below parent: String, indent: String) -> [String] {
    ConfigurationReference.keys.filter { $0.parent == parent }.flatMap { key -> [String] in
      switch key.kind {
      case .section:
        return ["\(indent)\(key.name):\n"] + lines(below: key.path, indent: indent + "  ")
      case .sections:
        var inner = lines(below: "\(key.path)[]", indent: indent + "    ")
        if let first = inner.first {
          inner[0] = "\(indent)  - \(first.dropFirst(indent.count + 4))"
        }
        return ["\(indent)\(key.name):\n"] + inner
      // Of no use beside `loadBalancerClasses`.
      case .flag: return ["\(indent)\(key.name): \(key.defaultText ?? key.example)\n"]
      default: return ["\(indent)\(key.name): \(key.example)\n"]
      }
    }
  }
}

extension ConfigurationKey.Kind {
  /// For people: `a list of durations, 1s to 24h`.
  var words: String {
    switch self {
    case .section: "a section"
    case .sections: "a list of sections"
    case .list(let element): "list of \(element.plural)"
    case .text: "text"
    case .path: "path"
    case .url: "URL"
    case .flag: "`true` or `false`"
    case .pattern: "pattern"
    case .addresses: "addresses"
    case .duration(let from, let to, let orZero):
      "duration, `\(from)` to `\(to)`\(orZero ? ", or `0s` for off" : "")"
    case .choice(let words): words.map { "`\($0)`" }.joined(separator: ", ")
    }
  }

  private var plural: String {
    switch self {
    case .text: "words"
    case .path: "paths"
    case .url: "URLs"
    case .pattern: "patterns"
    case .duration(let from, let to, _): "durations, `\(from)` to `\(to)`"
    default: words
    }
  }
}
