import Testing

@testable import Control

struct TextTableTests {
  private let columns = [
    TextTable.Column(heading: "NAME", least: 4), TextTable.Column(heading: "SIZE", isRight: true),
    TextTable.Column(heading: "NOTE", expendable: 1), TextTable.Column(heading: "END"),
  ]

  private func text(_ rows: [[String?]], width: Int?) -> [String] {
    let table = TextTable(columns, rows, width: width)
    return [table.heading] + rows.map { table.line($0) }
  }

  @Test func columnsAreAsWideAsTheirTexts() {
    #expect(
      text([["a", "1", "x", "e"], ["longer", "1000", nil, nil]], width: nil) == [
        "NAME    SIZE  NOTE  END", "a          1  x     e", "longer  1000  -     -",
      ])
  }

  @Test func aColumnThatHasAGreatestWidthIsShortened() {
    let columns = [
      TextTable.Column(heading: "NAME", most: 8), TextTable.Column(heading: "END"),
    ]
    let rows = [[String(repeating: "x", count: 1 << 20), "a"], ["b", "c"]]
    let table = TextTable(columns, rows, width: nil)
    #expect(rows.map { table.line($0) } == ["xxxxxxx…  a", "b         c"])
    #expect(table.heading == "NAME      END")
  }

  @Test func aColumnWithNothingInItIsLeftOut() {
    #expect(text([["a", nil, nil, "e"]], width: nil) == ["NAME  END", "a     e"])
    #expect(text([], width: nil) == ["NAME  SIZE  NOTE  END"])
  }

  @Test func whereThereIsNoRoomAColumnGoesBeforeAnyIsCutToItsLeast() {
    let rows = [["abcdefgh", "1", "x", "e"]]
    #expect(text(rows, width: 25) == ["NAME      SIZE  NOTE  END", "abcdefgh     1  x     e"])
    #expect(text(rows, width: 23) == ["NAME    SIZE  NOTE  END", "abcde…     1  x     e"])
    #expect(text(rows, width: 20) == ["NAME      SIZE  END", "abcdefgh     1  e"])
    #expect(text(rows, width: 15) == ["NAME  SIZE  END", "abc…     1  e"])
    #expect(text(rows, width: 3) == ["NAME  SIZE  END", "abc…     1  e"])
  }
}
