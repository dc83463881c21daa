import Synchronization
import Testing
import Time

@testable import Daemon

struct ReadinessTests {
  @Test func readyIsSaidOnceAndThenTheLineWhenItChanges() {
    var readiness = Readiness()
    #expect(
      readiness.say("announcing 1 of 2", awaitsVerdicts: false) == .ready("announcing 1 of 2"))
    #expect(readiness.say("announcing 1 of 2", awaitsVerdicts: false) == nil)
    // Verdicts hold up READY alone.
    #expect(
      readiness.say("announcing 2 of 2", awaitsVerdicts: true) == .status("announcing 2 of 2"))
  }

  @Test func readyWaitsForTheVerdicts() {
    var readiness = Readiness()
    #expect(readiness.say("announcing 0 of 2", awaitsVerdicts: true) == nil)
    #expect(!readiness.isComplete)
    #expect(readiness.say("announcing 0 of 2", awaitsVerdicts: false) != nil)
    #expect(readiness.isComplete)
  }

  @Test func aReloadIsCompleteWithItsOwnReadyThoughTheLineIsTheSame() {
    var readiness = Readiness()
    _ = readiness.say("announcing 2 of 2", awaitsVerdicts: false)
    readiness.beginReload()
    #expect(!readiness.isComplete)
    #expect(
      readiness.say("announcing 2 of 2", awaitsVerdicts: false) == .ready("announcing 2 of 2"))
  }

  @Test func whoWaitsForAReloadIsTakenOnce() {
    let answers = Mutex(0)
    var readiness = Readiness()
    readiness.beginReload()
    readiness.add { _ in answers.withLock { $0 += 1 } }
    readiness.add { _ in answers.withLock { $0 += 1 } }
    for answer in readiness.takeWaiting() + readiness.takeWaiting() { answer(nil) }
    #expect(answers.withLock { $0 } == 2)
  }
}
