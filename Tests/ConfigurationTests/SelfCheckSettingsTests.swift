import Announcer
import Configuration
import Testing

struct SelfCheckSettingsTests {
  @Test func onceAMinuteFromEverywhere() throws {
    let settings = try parse("{}").selfCheck
    #expect(settings.interval == .seconds(60) && settings.interfaces.isEmpty)
  }

  @Test func whatIsWrittenCounts() throws {
    let settings = try parse("selfCheck: {interval: 5s, interfaces: [\"^lan1$\"]}").selfCheck
    #expect(settings.interval == .seconds(5))
    #expect(settings.interfaces.map(\.text) == ["^lan1$"])
    #expect(try parse("selfCheck: {interval: 0s}").selfCheck.interval == nil)
  }

  @Test func whatMakesNoSenseIsAFault() {
    #expect(theFault("selfCheck: {interval: 10ms}").contains("selfCheck.interval"))
    #expect(theFault("selfCheck: {interface: [lan1]}").contains("did you mean `interfaces`?"))
  }
}
