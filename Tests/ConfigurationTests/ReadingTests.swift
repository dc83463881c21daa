import Configuration
import SeededRandom
import Testing
import YAMLDocuments

struct ReadingTests {
  @Test(arguments: ["", "\n\n", "# only a comment\n", "---\n", "~"])
  func anEmptyFileIsNoConfiguration(text: String) {
    #expect(
      theFault(text)
        == "announcer.yaml:1:1: the file is empty; "
        + "write at least `announcements: []` to announce nothing on purpose")
  }

  @Test(arguments: [
    (
      "node: a\ninterfaces: [lan0\nlog: {}\n",
      "3:4: this is not YAML: did not find expected ',' or ']' "
        + "while parsing a flow sequence that begins on line 2"
    ),
    (
      "node: *nobody",
      "1:7: the alias `*nobody` has no anchor before it; write `&nobody` where its value is, or put the "
        + "text in quotes"
    ),
    ("node: a\n---\nnode: b", "2:1: a second document begins here; keep one document in the file"),
    (
      "node: \u{7}",
      "1:7: this is not YAML: control characters are not allowed; remove the control character"
    ),
    (
      "node:\n\t- a",
      "2:1: this is not YAML: found character that cannot start any token "
        + "while scanning for the next token that begins on line 2; indent with spaces, not with tabs"
    ),
  ])
  func aSyntaxErrorHasItsPlace(text: String, message: String) {
    #expect(theFault(text) == "announcer.yaml:\(message)")
  }

  @Test(.timeLimit(.minutes(10))) func aliasesThatMultiplyAreBounded() {
    let levels = (1...40).map { "x\($0): &x\($0) [*x\($0 - 1), *x\($0 - 1), *x\($0 - 1)]" }
    let bomb = "x0: &x0 [lol]\n\(levels.joined(separator: "\n"))\n"
    #expect(theFault("\(bomb)interfaces: *x40").contains("aliases repeat more than 1000000 values"))
    for key in ["? *x\n: y", "*x : y", "k: {*x : y}", "k: {? *x : y}"] {
      #expect(theFault("x: &x [lol]\n\(key)").contains("a key must be plain text"))
    }
    let addresses = Array(repeating: "10.0.0.1", count: 2000).joined(separator: ", ")
    let entries = Array(repeating: "{addresses: *a}", count: 2000).joined(separator: ", ")
    let wide = "announcements: [{addresses: &a [\(addresses)]}, \(entries)]"
    #expect(theFault(wide).contains("aliases repeat more than 1000000 values; use fewer aliases"))
  }

  @Test func nestingIsBounded() {
    let deep = String(repeating: "[", count: 100_000)
    #expect(theFault("node: \(deep)").contains("more than 256 lists and mappings"))
  }

  /// Whatever a slip of the hand or of the disk does to a file: it is read, or refused with a place
  /// inside it.
  @Test func mutationsAreReadOrRefusedWithAPlace() {
    var random = SplitMix64(seed: 0x5eed)
    let noise = Array("[]{}:,-?*&!|>'\"%@`#\n\t ~<=0a\u{0}\u{85}\u{feff}é".unicodeScalars)
    for _ in 0..<3000 {
      var scalars = Array(completeText.unicodeScalars)
      for _ in 0...random.next() % 4 {
        let position = Int(random.next() % UInt64(scalars.count))
        let other = Int(random.next() % UInt64(scalars.count))
        switch random.next() % 5 {
        case 0: scalars[position] = noise[Int(random.next() % UInt64(noise.count))]
        case 1: scalars.insert(noise[Int(random.next() % UInt64(noise.count))], at: position)
        case 2: scalars.removeSubrange(min(position, other)..<max(position, other))
        case 3:
          scalars.insert(
            contentsOf: scalars[min(position, other)..<max(position, other)], at: position)
        default: scalars.remove(at: position)
        }
        if scalars.isEmpty { scalars = ["a"] }
      }
      let text = String(String.UnicodeScalarView(scalars))
      let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).count
      do throws(ConfigurationFailure) {
        _ = try parse(text)
      } catch {
        for diagnostic in error.diagnostics {
          let place = diagnostic.place ?? Place(line: 0, column: 0)
          #expect(
            (1...lines + 1).contains(place.line) && place.column >= 1, "\(diagnostic)\n\(text)")
        }
      }
    }
  }
}
