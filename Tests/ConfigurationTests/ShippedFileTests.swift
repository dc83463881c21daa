import Announcer
import Configuration
import Foundation
import Testing

/// `systemd/announcer.yaml`, with which an administrator begins.
struct ShippedFileTests {
  private static let text: String = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return
      (try? String(contentsOf: root.appending(path: "systemd/announcer.yaml"), encoding: .utf8))
      ?? ""
  }()

  private func parse(_ text: String) throws(ConfigurationFailure) -> Configuration {
    try Configuration.parse(text, file: "announcer.yaml", hostName: "node-a")
  }

  @Test func asItIsItAnnouncesNothing() throws {
    let configuration = try parse(Self.text)
    #expect(configuration.announcements.isEmpty && configuration.kubernetes == nil)
    #expect(configuration.notes.isEmpty, "\(configuration.notes)")
  }

  /// Without the marks in front of it, the example is in force.
  @Test func theExampleOfAnnouncementsNeedsNothingButUncommenting() throws {
    var isInside = false
    let lines = Self.text.components(separatedBy: "\n").map { line in
      if line == "announcements:" { isInside = true }
      if line.isEmpty { isInside = false }
      return isInside && line.hasPrefix("#") ? " " + line.dropFirst() : line
    }
    let configuration = try parse(lines.joined(separator: "\n"))
    #expect(configuration.announcements.map(\.origin) == ["configuration/ingress"])
  }

  /// Every other key that stands there in a comment.
  @Test func everyExampleIsGood() throws {
    var isInside = false
    let lines = Self.text.components(separatedBy: "\n").map { line in
      let isKey = line.firstMatch(of: /^# [a-z][A-Za-z]*:( |$)/) != nil
      isInside = isKey || isInside && line.hasPrefix("#  ")
      return isInside ? String(line.dropFirst(2)) : line
    }
    // What is in `/etc/announcer` stands there on a node only.
    let configuration = try parse(lines.joined(separator: "\n"))
    #expect(configuration.lease.backend == .etcd && configuration.kubernetes != nil)
    #expect(configuration.interfaces.map(\.text) == ["^lan0$"])
  }
}
