import Foundation
import Testing

/// One page of the documentation, taken apart as far as the tests ask.
///
/// What a fenced block is for stands behind its language, where a reader of the page does not see it:
///
/// - `yaml announcer`: a whole announcer.yaml; `yaml announcer more`: keys that are added to the one before
///   or replace its own.
/// - `yaml kubernetes` with the name of a file: objects of a cluster.
/// - `console` with the names of hosts, node-a without: commands behind `$ ` with what they print. A reader is told
///   the host in the text above.
struct Page: Sendable, CustomTestStringConvertible {
  struct Block: Sendable {
    let language: String
    /// What stands behind the language.
    let purpose: [String]
    let lines: [String]
    /// Of the first line inside, counted from 1.
    let line: Int
    /// The paragraph above, in one line; empty where another block or nothing is there.
    let lead: String

    /// Where its commands are run; empty for other blocks.
    var hosts: [String] {
      guard language == "console" else { return [] }
      return purpose.isEmpty ? ["node-a"] : purpose
    }

    var text: String { lines.joined(separator: "\n") + "\n" }
  }

  /// From the root of the project: `docs/etcd.md`.
  let path: String
  let blocks: [Block]
  /// Outside of blocks, with the numbers of its lines.
  let prose: [(line: Int, text: String)]

  var testDescription: String { path }

  init(_ path: String, text: String) {
    self.path = path
    var blocks: [Block] = []
    var prose: [(Int, String)] = []
    var open: (words: [String], lines: [String], line: Int)?
    var paragraph: [String] = []
    var isOver = false
    for (index, line) in text.components(separatedBy: "\n").enumerated() {
      if line.hasPrefix("```") {
        if let block = open {
          blocks.append(
            Block(
              language: block.words.first ?? "", purpose: Array(block.words.dropFirst()),
              lines: block.lines, line: block.line, lead: paragraph.joined(separator: " ")))
          open = nil
          paragraph = []
        } else {
          open = (line.dropFirst(3).split(separator: " ").map(String.init), [], index + 2)
        }
      } else if open != nil {
        open?.lines.append(line)
      } else {
        prose.append((index + 1, line))
        if line.allSatisfy(\.isWhitespace) {
          isOver = true
        } else {
          if isOver { paragraph = [] }
          isOver = false
          paragraph.append(line)
        }
      }
    }
    self.blocks = blocks
    self.prose = prose
  }

  /// The targets of its links, `[text](target)`.
  var links: [(line: Int, target: String)] {
    prose.flatMap { line, text in
      text.matches(of: /\]\(([^)\s]+)\)/).map { (line, String($0.1)) }
    }
  }

  /// What stands in backticks.
  var codes: [(line: Int, code: String)] {
    prose.flatMap { line, text in text.matches(of: /`([^`]+)`/).map { (line, String($0.1)) } }
  }

  /// The names by which a heading is linked to, as GitHub makes them, and those that the page gives itself
  /// (`<a id="2.4"></a>`).
  var anchors: Set<String> {
    Set(
      prose.map(\.text).filter { $0.hasPrefix("#") }.map { heading in
        String(
          heading.drop { $0 == "#" || $0 == " " }.lowercased().filter {
            $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_"
          }.map { $0 == " " ? "-" : $0 })
      }
    ).union(ownAnchors.map(\.name))
  }

  /// The anchors that the page gives itself, in order, with what the line says behind each.
  var ownAnchors: [(line: Int, name: String, text: Substring)] {
    prose.flatMap { line, text in
      text.matches(of: /<a id="([^"]+)"><\/a>/).map {
        (line, String($0.1), text[$0.range.upperBound...])
      }
    }
  }

  /// Where each of its relative links leads that leads nowhere.
  func deadLinks() -> [(line: Int, target: String)] {
    let directory = URL(filePath: path, relativeTo: Page.root).deletingLastPathComponent()
    return links.filter { _, target in
      guard !target.hasPrefix("https://") else { return false }
      let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
      let file = directory.appending(path: String(parts[0])).standardizedFileURL
      let text = parts[0].isEmpty ? nil : try? String(contentsOf: file, encoding: .utf8)
      guard parts.count == 2 else {
        return !FileManager.default.fileExists(atPath: file.path)
      }
      guard parts[0].isEmpty || text != nil else { return true }
      let there = text.map { Page("", text: $0) } ?? self
      return !there.anchors.contains(String(parts[1]))
    }
  }

  /// Whether any block says so.
  func mentions(_ word: String) -> Bool { blocks.contains { $0.text.contains(word) } }

  /// The root of the project.
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func read(_ path: String) throws -> Page {
    Page(path, text: try String(contentsOf: root.appending(path: path), encoding: .utf8))
  }

  /// README.md and the pages of docs/ that are for people who use the program.
  static let all: [Page] = {
    let names =
      (try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: "docs").path))
      ?? []
    let paths = ["README.md"] + names.filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }
    return paths.compactMap { try? read($0) }
  }()
}
