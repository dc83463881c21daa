import Testing

@testable import MetricsServer

/// One that a macro may ask.
private final class Table {
  var table: ConnectionTable
  init(_ limits: MetricsServer.Limits) { table = ConnectionTable(limits) }
  var count: Int { table.count }
  func open(_ id: Int, from source: String) -> Int? { table.open(id, from: source) }
  func ask(_ id: Int, isProbe: Bool) -> Bool { table.ask(id, isProbe: isProbe) }
  func next() -> Int? { table.next() }
  func ended() { table.ended() }
  func answer(_ id: Int) { table.answer(id) }
  func slow(_ id: Int) { table.slow(id) }
  func takeSlow() -> Int? { table.takeSlow() }
  func answered(_ id: Int) { table.answered(id) }
  func close(_ id: Int) { table.close(id) }
}

@Suite struct ConnectionTableTests {
  private func table(_ connections: Int = 4, made: Int = 2, untaken: Int = 2) -> Table {
    var limits = MetricsServer.Limits()
    (limits.connections, limits.made, limits.untaken) = (connections, made, untaken)
    return Table(limits)
  }

  /// Opens and asks, and takes the turn.
  private func askAtOnce(_ id: Int, _ table: Table, from source: String = "a") {
    #expect(table.open(id, from: source) == nil)
    #expect(!table.ask(id, isProbe: false))
    #expect(table.next() == id)
  }

  @Test func theOldestThatHasNotAskedGoesForANewOne() {
    let table = table()
    for id in 1...4 { #expect(table.open(id, from: "a") == nil) }
    #expect(table.ask(1, isProbe: true))
    #expect(table.open(5, from: "a") == 2)
    #expect(table.open(6, from: "a") == 3)
    #expect(table.count == 4)
  }

  @Test func theClientWithTheMostGivesFirst() {
    let table = table()
    #expect(table.open(1, from: "scraper") == nil)
    for id in 2...4 { #expect(table.open(id, from: "a") == nil) }
    for id in 5...20 { #expect(table.open(id, from: "a") == id - 3) }
  }

  @Test func whoHasAskedGoesLaterAndAProbeLast() {
    let table = table()
    askAtOnce(1, table)
    table.answer(1)
    #expect(table.open(2, from: "a") == nil)
    #expect(table.ask(2, isProbe: true))
    table.answer(2)
    for id in 3...4 {
      #expect(table.open(id, from: "a") == nil)
      #expect(!table.ask(id, isProbe: false))
    }
    // Of those that wait the youngest.
    for (new, victim) in [(5, 4), (6, 3), (7, 1), (8, 2)] {
      #expect(table.open(new, from: "a") == victim)
      #expect(table.ask(new, isProbe: true))
      table.ended()
    }
  }

  @Test func someAnswersAreMadeAtATimeAndProbesAtOnce() {
    let table = table(8)
    askAtOnce(1, table)
    askAtOnce(2, table)
    for id in 3...5 {
      #expect(table.open(id, from: "a") == nil)
      #expect(!table.ask(id, isProbe: false))
    }
    #expect(table.next() == nil)
    #expect(table.open(6, from: "a") == nil)
    #expect(table.ask(6, isProbe: true))
    // Whose client has gone, the answer is still being made.
    table.close(1)
    #expect(table.next() == nil)
    table.close(3)
    table.ended()
    #expect(table.next() == 4)
    #expect(table.next() == nil)
  }

  @Test func anAnswerWaitsUntilTheOthersAreTakenOrSlow() {
    let table = table(8)
    for id in 1...2 {
      askAtOnce(id, table)
      table.ended()
      table.answer(id)
    }
    for id in 3...5 {
      #expect(table.open(id, from: "a") == nil)
      #expect(!table.ask(id, isProbe: false))
    }
    #expect(table.next() == nil)
    #expect(table.takeSlow() == nil)
    table.answered(1)
    #expect(table.next() == 3)
    #expect(table.next() == nil)
    table.slow(2)
    #expect(table.takeSlow() == 2)
    #expect(table.takeSlow() == nil)
    #expect(table.next() == 4)
  }

  @Test func nobodyIsCutOffWhereNobodyWaits() {
    let table = table(8, made: 1, untaken: 1)
    askAtOnce(1, table)
    table.ended()
    table.answer(1)
    table.slow(1)
    #expect(table.takeSlow() == nil)
  }

  @Test func whoHasLessInHandIsAnsweredFirst() {
    let table = table(8, made: 2, untaken: 3)
    askAtOnce(1, table)
    for id in 2...3 {
      #expect(table.open(id, from: "a") == nil)
      #expect(!table.ask(id, isProbe: false))
    }
    #expect(table.open(4, from: "scraper") == nil)
    #expect(!table.ask(4, isProbe: false))
    #expect(table.next() == 4)
    table.ended()
    #expect(table.next() == 2)
  }

  @Test func whatIsGoneIsAskedForNothing() {
    let table = table()
    #expect(!table.ask(1, isProbe: true))
    table.answer(1)
    table.slow(1)
    table.answered(1)
    table.close(1)
    #expect(table.count == 0)
  }
}
