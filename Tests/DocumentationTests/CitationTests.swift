import Foundation
import Testing

/// The rules of docs/design and their citations: every rule can be cited, every citation leads to a rule.
@Suite struct CitationTests {
  @Test func everyCitationHasItsRule() throws {
    let citations = try Citations.read()
    var cited = 0
    for path in try Citations.sources() {
      guard let data = FileManager.default.contents(atPath: Page.root.appending(path: path).path),
        let text = String(data: data, encoding: .utf8)
      else { continue }
      // Where an invariant or a scenario is said, its name needs no page.
      let isDesign = path.hasPrefix("docs/design/")
      for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
        .enumerated()
      {
        if line.contains(".md §") { cited += 1 }
        for fault in citations.faults(in: line) where !(isDesign && fault.hasSuffix("has it")) {
          Issue.record("\(path):\(number + 1): \(fault)")
        }
      }
    }
    #expect(cited > 100)
  }

  @Test(arguments: Citations.pages) func everyRuleHasOneAnchor(_ name: String) throws {
    let page = try Page.read("docs/design/\(name).md")
    var seen: Set<String> = []
    for (line, anchor, text) in page.ownAnchors {
      #expect(seen.insert(anchor).inserted, "\(page.path):\(line): \(anchor) is there twice")
      // The number that is printed is the one that is cited.
      let shown = text.isEmpty ? page.prose.first { $0.line == line + 1 }?.text[...] : text
      let number = (shown ?? "").drop { "*# ".contains($0) }
        .prefix { $0.isLetter || $0.isNumber || $0 == "." }
      #expect(
        number == anchor || number == "\(anchor).",
        "\(page.path):\(line): the anchor \(anchor) stands before \(number)")
    }
    // A rule that is printed and has no anchor cannot be cited.
    for (line, text) in page.prose {
      for match in text.matches(of: /\*\*([0-9]+(?:\.[0-9]+)+|[IS][0-9]+)\b/) {
        #expect(seen.contains(String(match.1)), "\(page.path):\(line): \(match.1) has no anchor")
      }
    }
  }

  @Test func invariantsAndScenariosAreAllThere() throws {
    let rules = try Citations.read().rules
    #expect(Set((1...5).map { "I\($0)" }).isSubset(of: rules["lease"] ?? []))
    #expect(Set((1...17).map { "S\($0)" }).isSubset(of: rules["wire"] ?? []))
  }

  @Test(arguments: Citations.pages + ["bounds"]) func linksOfDesignPagesLeadSomewhere(
    _ name: String
  ) throws {
    let page = try Page.read("docs/design/\(name).md")
    for (line, target) in page.deadLinks() {
      Issue.record("\(page.path):\(line): \(target) leads nowhere")
    }
  }

  /// "Code: `Election`, … Tests: `GateTests`": such files are there.
  @Test(arguments: Citations.pages) func filesOfDesignPagesExist(_ name: String) throws {
    let page = try Page.read("docs/design/\(name).md")
    let files = try ProjectFiles()
    let paragraphs = page.prose.split { $0.text.isEmpty }
      .filter { $0.first?.text.hasPrefix("Code: ") == true }
    #expect(paragraphs.count >= 6)
    for (line, text) in paragraphs.joined() {
      for match in text.matches(of: /`([^`]+)`/) where !match.1.contains("/") {
        #expect(files.has(type: String(match.1)), "\(page.path):\(line): no file \(match.1).swift")
      }
    }
  }

  /// Each kind of fault is found: otherwise the tests above say nothing.
  @Test func faultsAreFound() {
    let citations = Citations(rules: [
      "lease": ["2", "2.4", "2.5", "I1", "I2"], "wire": ["S1", "S2"],
    ])
    // In parts, so that this file cites nothing that is not there.
    let (lease, wire) = ("lease" + ".md", "wire" + ".md")
    for line in [
      "/// Silence first (\(lease) §2.4).", "\(lease) §2, §2.4 and §2.5", "\(lease) I1 and I2: so",
      "@Test(\"\(wire) S1: a title\")", "(\(wire) S1 to S2)",
      "[\(wire) S1](docs/design/\(wire)#S1)",
      "case exclusion = \"I1\"", "S=1, RFC 5227 §2.4, a file \(lease)",
    ] {
      #expect(citations.faults(in: line[...]) == [], "\(line)")
    }
    for line in [
      "\(lease) §2.6", "\(lease) §2.4 and §2.9", "\(lease) S1", "\(wire) §2.4", "\(lease) I1 to I7",
      "LEASE" + " §2.4", "PROTOCOL" + ".md §1", "see LEASE" + ".md", "holds (" + "S" + "1)",
      "/// " + "I" + "1: no two", "/// the order of \(lease)", "case other = \"" + "I" + "9\"",
    ] {
      #expect(!citations.faults(in: line[...]).isEmpty, "\(line)")
    }
  }
}
