import Testing

@testable import Control

/// The watch as a transcript: news and keys in, the screen out.
@Suite struct WatchModelTests {
  private func addresses(_ count: Int) -> [AddressStatus] {
    (0..<count).map { number in
      AddressStatus(
        address: "10.80.\(number / 256).\(number % 256)", state: .announcing, holder: "node-a",
        since: ago(60), interfaces: ["lan0"], origins: ["configuration/web-\(number)"])
    }
  }

  private func screen(
    _ model: inout WatchModel, width: Int = 80, height: Int = 16, at now: WallTime = noon,
    colours: Bool = false
  ) -> [String] {
    let lines = model.frame(
      WatchModel.Size(width: width, height: height), now: now, hasColours: colours)
    #expect(lines.count == height)
    if !colours { #expect(lines.allSatisfy { $0.count <= width }, "\(lines)") }
    return lines
  }

  private func press(_ model: inout WatchModel, _ text: String) {
    for character in text { _ = model.press(.character(character)) }
  }

  @Test func aScreenful() {
    var model = WatchModel()
    #expect(screen(&model, height: 4) == ["asking the daemon …", "", "", footer("0")])
    model.take(sample([announced]))
    #expect(
      screen(&model) == [
        "node-a — 1 address: 1 announcing",
        "daemon      announcer 0.2.0, up 3h12m, ready, session 3f9c1d20",
        "lease       local, healthy, /run/announcer/claims",
        "config      /etc/announcer/announcer.yaml, loaded 12m ago",
        "links       lan0 active, 02:00:5e:10:00:01",
        "",
        "  ADDRESS      STATE       HOLDER  ON    SINCE  ANSWERS",
        "  10.80.8.150  announcing  node-a  lan0  3m12s       12",
        "", "", "", "", "", "", "",
        footer("1-1 of 1"),
      ])
  }

  private func footer(_ place: String, order: String = "address") -> String {
    "q quit   / filter   s sort: \(order)   \(place)"
  }

  @Test func whatChangedIsMarkedUntilTheNextNews() {
    var model = WatchModel()
    model.take(sample([announced, AddressStatus(address: "10.80.8.151", state: .waiting)]))
    #expect(!screen(&model).contains { $0.hasPrefix("*") }, "nothing to compare with")
    var moved = announced
    moved.state = .standby
    moved.holder = "node-b"
    model.take(sample([moved, AddressStatus(address: "10.80.8.151", state: .waiting)]))
    for _ in 0..<2 {
      let marked = screen(&model).filter { $0.hasPrefix("* ") }
      #expect(marked.count == 1 && marked[0].hasPrefix("* 10.80.8.150  standby  node-b"))
    }
    let coloured = screen(&model, colours: true)
    #expect(coloured.contains { $0.hasPrefix("\u{1b}[7m* 10.80.8.150") })
    model.take(sample([moved, AddressStatus(address: "10.80.8.151", state: .waiting)]))
    #expect(!screen(&model).contains { $0.hasPrefix("*") })
    model.take(sample([moved, AddressStatus(address: "10.80.8.152", state: .waiting)]))
    #expect(screen(&model).contains { $0.hasPrefix("* 10.80.8.152") }, "it is new")
  }

  @Test func answersAreBoldWhereTheyRose() {
    var model = WatchModel()
    model.take(sample([announced]))
    var busy = announced
    busy.answers = 13
    model.take(sample([busy]))
    #expect(screen(&model, colours: true).contains { $0.hasSuffix("\u{1b}[1m     13\u{1b}[0m") })
    #expect(!screen(&model).contains { $0.hasPrefix("*") })
  }

  @Test func aDaemonThatIsAway() {
    var model = WatchModel()
    model.fail("no announcer is running here", at: noon)
    #expect(screen(&model)[0] == "no daemon yet (0s), retrying: no announcer is running here")
    model.take(sample([announced]))
    #expect(screen(&model)[0].hasPrefix("node-a"))
    model.fail("nothing listens", at: noon)
    model.fail("nothing listens", at: WallTime(nanoseconds: noon.nanoseconds + 1_000_000_000))
    let later = screen(&model, at: WallTime(nanoseconds: noon.nanoseconds + 12_000_000_000))
    #expect(later[0] == "no daemon since 12:00:00 UTC (12s), retrying: nothing listens")
    #expect(later[1].hasPrefix("node-a"), "what was known last stays")
    model.take(sample([announced]))
    #expect(screen(&model)[0].hasPrefix("node-a"))
  }

  @Test func filteringAsItIsTyped() {
    var model = WatchModel()
    model.take(sample(addresses(300)))
    press(&model, "/web-29")
    var lines = screen(&model)
    #expect(lines.last == "/web-29_   Enter keeps, Esc clears   1-8 of 11 (300 in all)")
    #expect(lines[7].hasPrefix("  10.80.0.29 "))
    press(&model, "9 LAN0")
    lines = screen(&model)
    #expect(lines.last == "/web-299 LAN0_   Enter keeps, Esc clears   1-1 of 1 (300 in all)")
    #expect(lines[7].hasPrefix("  10.80.1.43 "))
    _ = model.press(.enter)
    #expect(
      screen(&model, width: 100).last
        == "q quit   filter: web-299 LAN0 (Esc clears)   s sort: address   1-1 of 1 (300 in all)")
    press(&model, "/zzz")
    #expect(screen(&model).contains("  none of them matches"))
    for _ in 0..<3 { _ = model.press(.backspace) }
    #expect(screen(&model).last?.hasPrefix("/web-299 LAN0_") ?? false)
    #expect(model.press(.character("q")) == .draw, "a letter, not the end")
    _ = model.press(.escape)
    #expect(screen(&model).last == footer("1-8 of 300"))
    press(&model, "/web")
    _ = model.press(.enter)
    _ = model.press(.escape)
    #expect(screen(&model).last == footer("1-8 of 300"))
  }

  /// The filter stays when news come, and finds what they bring.
  @Test func filteringNews() {
    var model = WatchModel()
    model.take(sample(addresses(3)))
    press(&model, "/blocked")
    #expect(screen(&model).contains("  none of them matches"))
    model.take(
      sample(
        addresses(3) + [AddressStatus(address: "10.9.9.9", state: .blocked, reason: "drained")]))
    #expect(screen(&model)[7].hasPrefix("* 10.9.9.9"))
  }

  @Test func scrolling() {
    var model = WatchModel()
    model.take(sample(addresses(100)))
    func first() -> String { String(screen(&model)[7].split(separator: " ")[0]) }
    #expect(first() == "10.80.0.0")
    _ = model.press(.down)
    press(&model, "jj")
    #expect(first() == "10.80.0.3")
    _ = model.press(.pageDown)
    #expect(first() == "10.80.0.11")
    _ = model.press(.up)
    press(&model, "k")
    #expect(first() == "10.80.0.9")
    _ = model.press(.pageUp)
    #expect(first() == "10.80.0.1")
    press(&model, "G")
    #expect(first() == "10.80.0.92" && screen(&model).last == footer("93-100 of 100"))
    #expect(model.press(.down) == .nothing)
    _ = model.press(.home)
    #expect(first() == "10.80.0.0")
    #expect(model.press(.up) == .nothing)
    _ = model.press(.end)
    // Fewer than before: the last page is full all the same.
    model.take(sample(addresses(50)))
    #expect(screen(&model).last == footer("43-50 of 50"))
  }

  @Test func sorting() {
    var model = WatchModel()
    var second = announced
    second.address = "10.80.8.151"
    second.answers = 99
    second.since = ago(1)
    let blocked = AddressStatus(address: "10.80.8.152", state: .blocked, reason: "drained")
    model.take(sample([announced, second, blocked]))
    func order() -> [Substring] {
      screen(&model)[7...9].map { $0.split(separator: " ")[0].suffix(3) }
    }
    #expect(order() == ["150", "151", "152"])
    press(&model, "s")
    #expect(
      order() == ["152", "150", "151"] && screen(&model).last == footer("1-3 of 3", order: "state"))
    press(&model, "s")
    #expect(order() == ["151", "150", "152"], "since")
    press(&model, "s")
    #expect(order() == ["151", "150", "152"], "answers")
    press(&model, "s")
    #expect(order() == ["150", "151", "152"])
  }

  /// What a row has no room for follows it, and is counted where screens are turned.
  @Test func conflictsAndReasonsHaveLinesOfTheirOwn() {
    var model = WatchModel()
    model.take(troubled)
    var lines = screen(&model, height: 40)
    #expect(lines.contains("    02:00:00:00:00:99 claims it too: seen 3 times, last 5s ago"))
    #expect(
      lines.contains(
        "    no interface matches ^lan0$ and can carry announcements: vmnet0 has no carr…")
    )
    _ = screen(&model, height: 12)
    press(&model, "G")
    lines = screen(&model, height: 12)
    #expect(lines[10].hasPrefix("  2001:db8:1234:5678"), "\(lines)")
  }

  /// No size breaks it, and none overflows.
  @Test func everySize() {
    for status in [sample([]), sample([announced]), troubled, holding, sample(addresses(40))] {
      for width in [40, 60, 80, 200] {
        for height in 1...30 {
          var model = WatchModel()
          model.take(status, note: "another version")
          _ = screen(&model, width: width, height: height)
          model.fail("gone, and a sentence that is longer than the narrow screens are", at: noon)
          _ = screen(&model, width: width, height: height)
        }
      }
    }
  }

  @Test func endings() {
    var model = WatchModel()
    #expect(model.press(.character("q")) == .quit)
    #expect(model.press(.interrupt) == .quit)
    press(&model, "/")
    #expect(model.press(.interrupt) == .quit)
    #expect(model.press(.redraw) == .drawAfresh)
  }

  /// Ten thousand addresses: a key costs what is on the screen.
  @Test func tenThousand() {
    var model = WatchModel()
    model.take(sample(addresses(10_000)))
    _ = screen(&model)
    let clock = ContinuousClock()
    let start = clock.now
    for _ in 0..<100 {
      _ = model.press(.pageDown)
      _ = screen(&model)
    }
    // A hundred draws: laid out in full they would take a minute in a build for debugging.
    #expect(clock.now - start < .seconds(10))
  }
}
