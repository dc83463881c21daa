import CPcap
import RawSocket
import Testing

/// The filter is run by libpcap's interpreter of the same instruction set; the kernel's verifier
/// has its say in the packet socket's tests.
struct AddressSetFilterTests {
  /// Numbers as the attackers of a hash choose them not: from a fixed generator.
  private func scattered(_ count: Int, seed: UInt64 = 1) -> [UInt32] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return 0x0a50_0000 | UInt32(truncatingIfNeeded: state >> 40) & 0xffff
    }
  }

  /// A filter that looks the first four octets of a frame up in the set.
  private func interpreter(_ filter: AddressSetFilter) -> FilterInterpreter {
    FilterInterpreter([FilterInstruction(code: 0x20, k: 0)] + filter.program)
  }

  private func octets(_ number: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
  }

  @Test(
    arguments: [
      [], [5], [5, 6, 7], [0, .max], [.max - 1, .max], [3, 3, 1, 2], [1, 3, 5, 7, 9, 11],
    ] as [[UInt32]])
  func smallSetsAreExact(numbers: [UInt32]) {
    let filter = AddressSetFilter(numbers, budget: 4000)
    #expect(filter.isExact)
    let interpreter = interpreter(filter)
    let near = Set(numbers.flatMap { [$0 &- 1, $0, $0 &+ 1] } + [0, 1, .max, 0x8000_0000])
    for number in near {
      #expect(
        interpreter.passes(octets(number)) == numbers.contains(number), "\(number) in \(numbers)")
    }
  }

  @Test func aThousandScatteredAddressesAreExactAndFit() {
    let numbers = scattered(1000)
    let filter = AddressSetFilter(numbers, budget: 4000)
    #expect(filter.isExact)
    #expect(filter.program.count <= 4000)
    let members = Set(numbers)
    let interpreter = interpreter(filter)
    for number in 0x0a50_0000...0x0a50_ffff as ClosedRange<UInt32> {
      if interpreter.passes(octets(number)) != members.contains(number) {
        Issue.record("\(number)")
        return
      }
    }
  }

  @Test func aBlockCostsAHandfulOfInstructions() {
    let filter = AddressSetFilter(Array(0x0a50_0000...0x0a50_ffff), budget: 4000)
    #expect(filter.isExact && filter.program.count < 10)
  }

  @Test(arguments: [(10_000, 4000, 0.30), (10_000, 1600, 0.75), (3000, 4000, 0.10)])
  func whatOutgrowsTheBudgetLetsSomeStrangersThroughAndNeverLosesAMember(
    count: Int, budget: Int, strangers: Double
  ) {
    let numbers = scattered(count)
    let filter = AddressSetFilter(numbers, budget: budget)
    #expect(!filter.isExact)
    #expect(filter.program.count <= budget)
    let members = Set(numbers)
    let interpreter = interpreter(filter)
    var passed = 0
    var foreign = 0
    for number in 0x0a50_0000...0x0a50_ffff as ClosedRange<UInt32> {
      let isThrough = interpreter.passes(octets(number))
      if members.contains(number) {
        #expect(isThrough)
      } else {
        foreign += 1
        passed += isThrough ? 1 : 0
      }
    }
    #expect(Double(passed) / Double(foreign) < strangers)
    // Far from every address nothing passes at all.
    #expect(!interpreter.passes([11, 0, 0, 1]) && !interpreter.passes([9, 0, 0, 1]))
  }
}
