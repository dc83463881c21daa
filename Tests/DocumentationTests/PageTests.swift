import Testing

@Suite struct PageTests {
  private let page = Page(
    "docs/a.md",
    text: """
      # First *heading*, it is

      See [there](b.md#end) and `announcer status --watch`.

      ```yaml announcer more
      node: a
      ```

      ```console client
      $ one \\
        two    # exit code 3: nobody
      three
      $ four
      ```
      """)

  @Test func isTakenApart() {
    #expect(page.blocks.map(\.language) == ["yaml", "console"])
    #expect(page.blocks[0].purpose == ["announcer", "more"])
    #expect(page.blocks[0].text == "node: a\n" && page.blocks[0].line == 6)
    #expect(page.blocks.map(\.hosts) == [[], ["client"]])
    #expect(
      page.blocks.map(\.lead) == ["See [there](b.md#end) and `announcer status --watch`.", ""])
    #expect(page.links.map(\.target) == ["b.md#end"])
    #expect(page.codes.map(\.code) == ["announcer status --watch"])
    #expect(page.anchors == ["first-heading-it-is"])
  }

  @Test func stepsOfAConsole() {
    let steps = ConsoleStep.steps(of: page.blocks[1])
    #expect(steps.map(\.command) == ["one   two    # exit code 3: nobody", "four"])
    #expect(steps.map(\.code) == [3, 0])
    #expect(steps.map(\.output) == [["three"], []])
  }

  @Test func blocksBuildOnEachOther() {
    let parts = YAMLParts("a: 1\nb:\n  c: 2\n").merging(YAMLParts("b: 3\nd: [\n  4]\n"))
    #expect(parts.text == "a: 1\nb: 3\nd: [\n  4]\n")
  }
}
