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

  /// The names by which a heading is linked to, as GitHub makes them.
  var anchors: Set<String> {
    Set(
      prose.map(\.text).filter { $0.hasPrefix("#") }.map { heading in
        String(
          heading.drop { $0 == "#" || $0 == " " }.lowercased().filter {
            $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_"
          }.map { $0 == " " ? "-" : $0 })
      })
  }

  /// Whether any block says so.
  func mentions(_ word: String) -> Bool { blocks.contains { $0.text.contains(word) } }

  /// The root of the project.
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func read(_ path: String) throws -> Page {
    Page(path, text: try String(contentsOf: root.appending(path: path), encoding: .utf8))
  }

  /// README.md and everything in docs/.
  static let all: [Page] = {
    let names =
      (try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: "docs").path))
      ?? []
    let paths = ["README.md"] + names.filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }
    return paths.compactMap { try? read($0) }
  }()
}
