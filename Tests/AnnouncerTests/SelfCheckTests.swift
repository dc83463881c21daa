import Announcer
import Testing
import Wire

struct SelfCheckTests {
  private let lan0 = LinkID(index: 2, generation: 0)
  private let lan1 = LinkID(index: 3, generation: 0)
  private let lan2 = LinkID(index: 4, generation: 0)
  private let own = MACAddress(rawValue: 0x0200_0000_0002)
  private let foreign = MACAddress(rawValue: 0x0200_0000_0099)

  private func addresses(_ range: ClosedRange<Int>) -> [IPAddress] {
    range.map { IPAddress("10.80.8.\($0)")! }
  }

  private func questions(
    _ check: inout SelfCheck, _ announced: [IPAddress], from candidates: [LinkID],
    fresh: Set<IPAddress> = []
  ) -> [SelfCheck.Question] {
    check.questions(about: [lan0: announced], from: candidates, fresh: fresh)
  }

  /// The answers to a question: by `own` for all but `silent`.
  private func answer(
    _ question: SelfCheck.Question, _ check: inout SelfCheck, silent: Set<IPAddress> = [],
    instead: MACAddress? = nil
  ) {
    let answers = Dictionary(
      uniqueKeysWithValues: question.addresses.map { address -> (IPAddress, Set<MACAddress>) in
        (address, silent.contains(address) ? Set(instead.map { [$0] } ?? []) : [own])
      })
    check.report(answers, to: question, expected: own)
  }

  @Test func aLinkIsNoWitnessBeforeItHasHeardAnAnswer() throws {
    var check = SelfCheck()
    let announced = addresses(1...5)
    // Silence proves nothing, and the next candidate is tried; one question each.
    let first = try #require(questions(&check, announced, from: [lan0, lan1, lan2]).first)
    #expect(first.witness == lan1 && first.addresses.count == 1)
    answer(first, &check, silent: Set(announced))
    #expect(check.failures.isEmpty && !check.isInDoubt && check.witnesses.isEmpty)
    let second = try #require(questions(&check, announced, from: [lan0, lan1, lan2]).first)
    #expect(second.witness == lan2)
    // Somebody else's answer is none either.
    answer(second, &check, silent: Set(announced), instead: foreign)
    #expect(check.failures.isEmpty && check.witnesses.isEmpty)
    let third = try #require(questions(&check, announced, from: [lan0, lan1, lan2]).first)
    #expect(third.witness == lan1)
    answer(third, &check)
    #expect(check.witnesses == [lan0: lan1])
    let all = questions(&check, announced, from: [lan0, lan1]).first?.addresses
    #expect(Set(all ?? []) == Set(announced) && all?.count == announced.count)
  }

  /// Where nobody could be asked, or silence proves nothing, the reason is known.
  @Test func whatIsNotCheckedHasItsReason() throws {
    var check = SelfCheck()
    let announced = addresses(1...2)
    #expect(questions(&check, announced, from: [lan0]).isEmpty)
    #expect(check.unchecked([lan0], from: [lan0]) == [lan0: .noSecondLink])
    #expect(check.unchecked([lan0], from: [lan0, lan1]) == [lan0: .notAskedYet])
    // A VLAN's parent has its hardware address.
    let twins = [lan0: Set([lan0, lan1])]
    let none = check.questions(
      about: [lan0: announced], from: [lan0, lan1], twins: twins, fresh: [])
    #expect(none.isEmpty)
    #expect(
      check.unchecked([lan0], from: [lan0, lan1], twins: twins)
        == [lan0: .sameHardwareAddress([lan1])])
    answer(questions(&check, announced, from: [lan1])[0], &check, silent: Set(announced))
    #expect(check.unchecked([lan0], from: [lan0, lan1]) == [lan0: .noAnswer(to: [lan1])])
    // The link that was asked from is gone.
    _ = questions(&check, announced, from: [lan2])
    #expect(check.unchecked([lan0], from: [lan2]) == [lan0: .notAskedYet])
    answer(questions(&check, announced, from: [lan1])[0], &check)
    #expect(check.unchecked([lan0], from: [lan0, lan1]).isEmpty)
  }

  @Test func linksThatAnnounceOnOneLANAreFound() {
    var check = SelfCheck()
    let announced = [lan0: addresses(1...2), lan1: addresses(2...3), lan2: addresses(1...1)]
    #expect(check.sharedLANs(among: announced).isEmpty)
    for question in check.questions(about: announced, from: [lan0, lan1], fresh: []) {
      answer(question, &check)
    }
    #expect(check.sharedLANs(among: announced) == [[lan0, lan1, lan2]])
    // Different addresses are nobody's confusion, and a witness that announces nothing is none.
    #expect(
      check.sharedLANs(among: [lan0: addresses(1...1), lan1: addresses(3...3)]).isEmpty)
    #expect(check.sharedLANs(among: [lan0: addresses(1...1)]).isEmpty)
  }

  @Test func silenceIsAFailureTheSecondTime() throws {
    var check = SelfCheck()
    let announced = addresses(1...3)
    answer(questions(&check, announced, from: [lan1])[0], &check)
    answer(questions(&check, announced, from: [lan1])[0], &check, silent: [announced[1]])
    #expect(check.failures.isEmpty && check.isInDoubt)
    let again = questions(&check, announced, from: [lan1])[0]
    #expect(again.addresses.first == announced[1], "what failed is asked for first")
    answer(again, &check, silent: [announced[1]], instead: foreign)
    #expect(check.failures.map(\.address) == [announced[1]])
    #expect(check.failures.first?.others == [foreign])
    #expect(!check.isInDoubt)
    answer(questions(&check, announced, from: [lan1])[0], &check)
    #expect(check.failures.isEmpty)
  }

  @Test func everyAddressHasItsTurn() {
    var check = SelfCheck()
    let announced = addresses(1...100)
    answer(questions(&check, announced, from: [lan1])[0], &check)
    var asked: Set<IPAddress> = []
    for _ in 0..<4 {
      let question = questions(&check, announced, from: [lan1])[0]
      #expect(question.addresses.count == SelfCheck.addressesPerRound)
      asked.formUnion(question.addresses)
      answer(question, &check)
    }
    #expect(asked == Set(announced))
    let fresh: Set = [announced[98], announced[99]]
    let question = questions(&check, announced, from: [lan1], fresh: fresh)[0]
    #expect(Set(question.addresses.prefix(2)) == fresh)
  }

  @Test func whatIsGoneCannotFail() {
    var check = SelfCheck()
    let announced = addresses(1...3)
    for silent in [[], announced, announced] {
      answer(questions(&check, announced, from: [lan1])[0], &check, silent: Set(silent))
    }
    #expect(check.failures.count == 3)
    // An address that is no longer announced.
    _ = questions(&check, addresses(1...2), from: [lan1])
    #expect(check.failures.count == 2)
    // Without the witness nothing can be said.
    #expect(questions(&check, addresses(1...2), from: [lan0]).isEmpty)
    #expect(check.failures.isEmpty && check.witnesses.isEmpty)
  }
}
