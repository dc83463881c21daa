import Foundation
import Testing

/// The handbook and CONTRIBUTING.md name files, tests, faults and headings: they are there.
@Suite struct HandbookTests {
  /// The first page: everything up to the heading that follows the table of scenarios.
  private func firstPage() throws -> Page {
    let text = try String(
      contentsOf: Page.root.appending(path: "HANDBOOK.md"), encoding: .utf8)
    let end = try #require(text.range(of: "\n## Three shapes"))
    return Page("HANDBOOK.md", text: String(text[..<end.lowerBound]))
  }

  @Test func theFirstPageHasItsParts() throws {
    let headings = try firstPage().prose.map(\.text).filter { $0.hasPrefix("## ") }
    #expect(
      headings == [
        "## The picture", "## Three walks", "## To change something, open", "## Scenarios",
      ])
  }

  @Test(arguments: ["HANDBOOK.md", "CONTRIBUTING.md"])
  func linksLeadSomewhere(_ path: String) throws {
    for (line, target) in try Page.read(path).deadLinks() {
      Issue.record("\(path):\(line): \(target) leads nowhere")
    }
  }

  /// What begins with a folder of the project is there.
  @Test(arguments: ["HANDBOOK.md", "CONTRIBUTING.md"])
  func pathsExist(_ path: String) throws {
    let folders = ["Sources/", "Tests/", "docs/", "scripts/", "packaging/", "deploy/", "manual/"]
    for (line, code) in try Page.read(path).codes where folders.contains(where: code.hasPrefix) {
      // A pattern names the folder that it looks in. A suite may stand without its extension.
      let name = code.split(separator: "*")[0]
      let there = [code, "\(code).swift"].contains {
        FileManager.default.fileExists(atPath: Page.root.appending(path: $0).path)
      }
      let folder = code.contains("*") ? String(name.prefix(through: name.lastIndex(of: "/")!)) : nil
      let isFolder = folder.map {
        FileManager.default.fileExists(atPath: Page.root.appending(path: $0).path)
      }
      #expect(there || isFolder == true, "\(path):\(line): there is no \(code)")
    }
  }

  /// A walk leads through files that exist; nothing else on the first page is named like a Swift file.
  @Test func filesOfTheFirstPageExist() throws {
    let files = try ProjectFiles()
    let named = try firstPage().codes.filter { $0.code.hasSuffix(".swift") }
    #expect(named.count >= 30)
    for (line, code) in named {
      #expect(files.has(file: code), "HANDBOOK.md:\(line): there is no \(code)")
    }
  }

  /// Functions in walks are in the file that was named before them.
  @Test func functionsOfTheWalksAreInTheirFiles() throws {
    var source = ""
    var checked = 0
    for (line, code) in try firstPage().codes {
      if code.hasSuffix(".swift") {
        source = try String(contentsOf: Page.root.appending(path: code), encoding: .utf8)
      } else if ["answer", "drain", "verdict", "next", "perform"].contains(code) {
        #expect(source.contains("func \(code)("), "HANDBOOK.md:\(line): no function \(code)")
        checked += 1
      }
    }
    #expect(checked >= 5)
  }

  /// A row for each scenario of wire.md and each invariant of lease.md, each of its cells something that exists.
  @Test func everyScenarioHasItsRow() throws {
    let files = try ProjectFiles()
    let rows = try firstPage().prose.filter {
      $0.text.hasPrefix("| [wire.md S") || $0.text.hasPrefix("| [lease.md I")
    }
    let names = rows.compactMap { $0.text.firstMatch(of: /\.md ([IS][0-9]+)\]/)?.1 }.map(
      String.init)
    #expect(names == (1...17).map { "S\($0)" } + (1...5).map { "I\($0)" })
    let faults = try Self.faults()
    for (line, text) in rows {
      let cells = text.split(separator: "|", omittingEmptySubsequences: false).dropFirst()
        .map { $0.trimmingCharacters(in: .whitespaces) }
      try #require(cells.count == 7, "HANDBOOK.md:\(line)")
      for name in cells[2...3].flatMap(Self.codes) {
        #expect(try files.has(test: name), "HANDBOOK.md:\(line): there is no test \(name)")
      }
      #expect(!Self.codes(cells[3]).isEmpty, "HANDBOOK.md:\(line): no scenario")
      for name in Self.codes(cells[4]) {
        #expect(faults.contains(name), "HANDBOOK.md:\(line): there is no fault \(name)")
      }
    }
  }

  private static func codes(_ cell: String) -> [String] {
    cell.matches(of: /`([^`]+)`/).map { String($0.1) }
  }

  /// The faults of the harness and of the simulator, as their sources name them.
  private static func faults() throws -> Set<String> {
    var names: Set<String> = []
    for folder in ["Sources/FaultHarness", "Sources/LeaseSimulator"] {
      let files = try FileManager.default.contentsOfDirectory(
        atPath: Page.root.appending(path: folder).path)
      for file in files where file.hasSuffix(".swift") && file.contains("Fault") {
        let text = try String(
          contentsOf: Page.root.appending(path: "\(folder)/\(file)"), encoding: .utf8)
        // Line by line: a text over several lines has quotation marks of its own.
        for line in text.split(separator: "\n") {
          names.formUnion(line.matches(of: /"([^"\\]+)"/).map { String($0.1) })
        }
      }
    }
    return names
  }

  /// The verbs of the Makefile that CONTRIBUTING.md tells people to use.
  @Test func commandsOfContributingExist() throws {
    let makefile = try String(
      contentsOf: Page.root.appending(path: "Makefile"), encoding: .utf8)
    var verbs = 0
    for (line, code) in try Page.read("CONTRIBUTING.md").codes where code.hasPrefix("make ") {
      for verb in code.split(separator: " ").dropFirst() {
        #expect(
          makefile.contains("\n\(verb):"), "CONTRIBUTING.md:\(line): make has no verb \(verb)")
        verbs += 1
      }
    }
    #expect(verbs >= 8)
  }
}
