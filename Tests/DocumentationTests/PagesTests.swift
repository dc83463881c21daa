import Configuration
import Foundation
import LANTestKit
import Manifests
import Testing

/// Every page by itself: its examples are good, its links lead somewhere, what it names exists.
@Suite struct PagesTests {
  @Test func thereIsAPagePerTask() {
    let paths = Set(Page.all.map(\.path))
    for name in [
      "README", "first-announcement", "kubernetes", "address-pools", "etcd", "from-cilium",
      "from-metallb", "from-keepalived", "troubleshooting", "metrics", "configuration", "failover",
      "monitoring",
    ] {
      #expect(paths.contains("docs/\(name).md"))
    }
  }

  @Test(arguments: Page.all) func yamlIsGood(_ page: Page) throws {
    var before = YAMLParts("")
    for block in page.blocks where block.language == "yaml" {
      let place = "\(page.path):\(block.line)"
      switch block.purpose.first {
      case "announcer":
        let parts = YAMLParts(block.text)
        before = block.purpose.contains("more") ? before.merging(parts) : parts
        let text = before.text
        do throws(ConfigurationFailure) {
          _ = try Configuration.parse(text, file: place, hostName: "node-a")
        } catch {
          Issue.record("\(error.description)\n\(text)")
        }
      case "kubernetes":
        let file = FileManager.default.temporaryDirectory.path + "/announcer-docs-\(UUID()).yaml"
        try block.text.write(toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        var reader = ManifestReader([file])
        let snapshot = reader.read()
        #expect(snapshot.errors.isEmpty && snapshot.notes.isEmpty, "\(place): \(snapshot)")
        #expect(!snapshot.objects.isEmpty, "\(place)")
      case "prometheus": break
      default: Issue.record("\(place): say what this is: announcer, kubernetes or prometheus")
      }
    }
  }

  /// Where a page has several hosts, the text above each block of commands says on which they are run: viewers hide
  /// what stands behind a block's language.
  @Test(arguments: Page.all) func everyCommandHasAHost(_ page: Page) {
    for (block, fault) in page.hostFaults {
      Issue.record("\(page.path):\(block.line): \(fault)")
    }
  }

  /// A part of a configuration says what it replaces: it looks like a whole file.
  @Test(arguments: Page.all) func partsOfAConfigurationSayWhatTheyReplace(_ page: Page) {
    for block in page.blocks where block.purpose.starts(with: ["announcer", "more"]) {
      for key in block.lines.compactMap({ $0.firstMatch(of: /^([a-zA-Z]+):/)?.1 }) {
        #expect(
          block.lead.lowercased().contains("replace") && block.lead.contains("`\(key)`")
            && block.lead.hasSuffix(":"),
          "\(page.path):\(block.line): say above that it replaces the section `\(key)`")
      }
    }
  }

  @Test func aBlockWithoutAHostIsFound() {
    let page = Page(
      "docs/a.md",
      text: """
        On `node-a`:

        ```console
        $ one
        ```

        ```console node-b
        $ two
        ```

        Then, on both nodes:

        ```console node-a node-b
        $ three
        ```

        On `node-a`:

        ```console client
        $ four
        ```

        What comes of it is on the client.

        ```console client
        $ five
        ```
        """)
    #expect(page.hostFaults.map(\.block.lines.first) == ["$ two", "$ four", "$ five"])
    let alone = Page("docs/b.md", text: "```console\n$ one\n```\n")
    #expect(alone.hostFaults.isEmpty, "one host needs no name")
  }

  @Test(arguments: Page.all) func linksLeadSomewhere(_ page: Page) {
    for (line, target) in page.deadLinks() {
      Issue.record("\(page.path):\(line): \(target) leads nowhere")
    }
  }

  @Test func commandsAndOptionsExist() async throws {
    let tree = try await CommandTree.read()
    for page in Page.all {
      for (line, code) in page.codes {
        let command = code.hasPrefix("sudo ") ? String(code.dropFirst(5)) : code
        if let fault = tree.fault(in: command) {
          Issue.record("\(page.path):\(line): \(fault)")
        }
        if code.hasPrefix("--"), let option = code.split(separator: " ").first {
          #expect(
            tree.allOptions.contains(String(option.prefix { $0 != "=" })),
            "\(page.path):\(line): no command has \(option)")
        }
      }
      for block in page.blocks where ["console", ""].contains(block.language) {
        for text in block.lines {
          var command = text.hasPrefix("$ ") ? String(text.dropFirst(2)) : text
          if command.hasPrefix("sudo ") { command = String(command.dropFirst(5)) }
          guard block.language == "console" ? text.hasPrefix("$ ") : true else { continue }
          if let fault = tree.fault(in: command) {
            Issue.record("\(page.path):\(block.line): \(fault)")
          }
        }
      }
    }
  }

  /// What looks like a metric of ours is one.
  @Test func metricsExist() {
    let known = MetricsPage.names
    for page in Page.all {
      let text = page.prose.map(\.text) + page.blocks.flatMap(\.lines)
      for name in text.flatMap({ $0.matches(of: /\bannouncer_[a-z_]+/).map { String($0.0) } }) {
        #expect(known.contains(name), "\(page.path): there is no metric \(name)")
      }
    }
  }

  /// What looks like a key of the configuration in the prose is one.
  @Test func keysExist() {
    let known = Set(ConfigurationReference.keys.map(\.path))
    let sections = Set(known.compactMap { $0.split(separator: ".").first.map(String.init) })
    for page in Page.all {
      for (line, code) in page.codes {
        guard let path = code.firstMatch(of: /^([a-z][A-Za-z\[\]]*\.[A-Za-z.]+)(:.*)?$/)?.1,
          let first = path.split(separator: ".").first, sections.contains(String(first)),
          !path.hasSuffix(".yaml"), !path.hasSuffix(".service")
        else { continue }
        #expect(known.contains(String(path)), "\(page.path):\(line): there is no key \(path)")
      }
    }
  }
}

extension Page {
  /// Blocks of commands whose host is not said in the text above; none where the page has one host.
  fileprivate var hostFaults: [(block: Block, fault: String)] {
    guard Set(blocks.flatMap(\.hosts)).count > 1 else { return [] }
    return blocks.filter { $0.language == "console" }.compactMap { block in
      let names =
        switch block.hosts {
        case ["node-a", "node-b"]: ["on both nodes"]
        case ["client"]: ["on the client"]
        case ["node-a"]: ["on `node-a`", "where you have `kubectl`"]
        default: block.hosts.map { "on `\($0)`" }
        }
      let lead = block.lead.lowercased()
      guard lead.hasSuffix(":"), names.contains(where: lead.contains) else {
        return (block, "say above where it is run: \(names.joined(separator: ", or "))")
      }
      return nil
    }
  }
}
