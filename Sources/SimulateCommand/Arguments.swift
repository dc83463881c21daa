internal import LeaseSimulator

/// What the command line asks for.
struct Arguments {
  var first: UInt64 = 1
  var count: UInt64 = 1000
  /// Everything that happens in the first schedule is printed.
  var isTraced = false
  var weaknesses: Set<Weakness> = []

  static let usage = """
    announcer-simulate [--seeds COUNT] [--from SEED] [--seed SEED] [--trace] [--weaken HOW]
      --seeds COUNT  how many schedules (1000)
      --from SEED    the first seed (1)
      --seed SEED    this one alone
      --trace        print everything that happens
      --weaken HOW   plant a fault in the model of the daemon: \
    \(Weakness.allCases.map(\.rawValue).joined(separator: ", "))
    """

  /// Nil where they make no sense.
  init?(_ words: some Sequence<String>) {
    var words = words.makeIterator()
    while let word = words.next() {
      switch word {
      case "--trace": isTraced = true
      case "--seeds":
        guard let number = words.next().flatMap({ UInt64($0) }), number > 0 else { return nil }
        count = number
      case "--from":
        guard let number = words.next().flatMap({ UInt64($0) }) else { return nil }
        first = number
      case "--seed":
        guard let number = words.next().flatMap({ UInt64($0) }) else { return nil }
        (first, count) = (number, 1)
      case "--weaken":
        guard let weakness = words.next().flatMap({ Weakness(rawValue: $0) }) else { return nil }
        weaknesses.insert(weakness)
      default: return nil
      }
    }
    guard !first.addingReportingOverflow(count).overflow else { return nil }
  }
}
