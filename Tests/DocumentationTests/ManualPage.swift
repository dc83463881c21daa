import Configuration
import Foundation

/// announcer.yaml(5): the keys from the same list; what stands before and after them is written by hand in the
/// page itself.
enum ManualPage {
  private static let begin = ".\\\" Written by make docs from here on.\n"
  private static let end = ".\\\" Written by make docs up to here.\n"

  static var text: String {
    let file = Page.root.appending(path: "manual/announcer.yaml.5")
    let page = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    guard let start = page.range(of: begin), let stop = page.range(of: end) else {
      return "\(begin)and\n\(end)are missing in the page\n"
    }
    return page[..<start.upperBound] + chapters + page[stop.lowerBound...]
  }

  private static var chapters: String {
    ConfigurationReference.chapters.map { chapter in
      ".Ss \(chapter.title)\n.Bl -tag -width Ds\n" + chapter.keys.map(item).joined() + ".El\n"
    }.joined()
  }

  private static func item(_ key: ConfigurationKey) -> String {
    var text = ".It Ic \(key.path)\n" + mdoc(key.meaning)
    switch key.kind {
    case .duration, .choice: text += mdoc("Written as \(key.kind.words).")
    default: break
    }
    if let value = key.defaultText {
      text += mdoc("Default: `\(value)`.")
    } else if let meaning = key.defaultMeaning {
      text += mdoc("Default: \(meaning).")
    }
    return text
  }

  /// Sentences with code in backticks, as mdoc(7): a line a sentence, code as `.Ql`, punctuation behind it.
  private static func mdoc(_ text: String) -> String {
    var lines: [String] = []
    for (index, part) in text.components(separatedBy: "`").enumerated() {
      if index.isMultiple(of: 2) {
        var rest = part[...]
        // What stands right behind the code belongs to its line.
        let closing = rest.prefix { ".,;:)".contains($0) }
        if index > 0, !closing.isEmpty {
          lines[lines.count - 1] += closing.map { " \($0)" }.joined()
          rest = rest.dropFirst(closing.count)
        }
        let words = rest.trimmingCharacters(in: .whitespaces)
        guard !words.isEmpty else { continue }
        lines += words.replacingOccurrences(of: ". ", with: ".\n").components(separatedBy: "\n")
          .flatMap(wrapped)
      } else {
        let code = part.replacingOccurrences(of: "\"", with: "\\(dq")
        lines.append(code.contains(" ") ? ".Ql \"\(code)\"" : ".Ql \(code)")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A sentence in lines of at most 78 characters.
  private static func wrapped(_ sentence: String) -> [String] {
    sentence.split(separator: " ").reduce(into: [""]) { lines, word in
      let last = lines[lines.count - 1]
      if last.isEmpty {
        lines[lines.count - 1] = String(word)
      } else if last.count + word.count < 78 {
        lines[lines.count - 1] += " \(word)"
      } else {
        lines.append(String(word))
      }
    }
  }
}
