import Configuration
import Testing

struct GratuitousSettingsTests {
  @Test func zeroSwitchesTheRefreshOff() throws {
    #expect(try parse("gratuitous: {refresh: 0s}").gratuitous.refresh == nil)
    #expect(try parse("gratuitous: {refresh: 1s}").gratuitous.refresh == .seconds(1))
  }

  @Test func theScheduleAscends() {
    #expect(
      faults("gratuitous: {schedule: [0ms, 1s, 1000ms, 500ms]}") == [
        "announcer.yaml:1:34: gratuitous.schedule[2]: 1s does not come after 1s; "
          + "write the rounds in ascending order",
        "announcer.yaml:1:42: gratuitous.schedule[3]: 500ms does not come after 1s; "
          + "write the rounds in ascending order",
      ])
  }

  @Test func theScheduleHasRoundsAndNotTooMany() {
    #expect(
      theFault("gratuitous: {schedule: []}")
        == "announcer.yaml:1:24: gratuitous.schedule: 0 rounds; "
        + "write 1 to 32, such as [0ms, 500ms]")
    let many = (0...32).map { "\($0)ms" }.joined(separator: ", ")
    #expect(theFault("gratuitous: {schedule: [\(many)]}").contains("33 rounds; write 1 to 32"))
  }
}
