import Testing

@testable import Daemon

@Suite(.timeLimit(.minutes(1)))
struct ChannelTests {
  private func taken<Element>(_ count: Int, from channel: Channel<Element>) async -> [Element] {
    var taken: [Element] = []
    for await element in channel.stream {
      taken.append(element)
      if taken.count == count { break }
    }
    return taken
  }

  @Test func everythingWaitsForTheReader() async {
    let channel = Channel<Int>()
    for number in 1...1000 { channel.send(number) }
    #expect(await taken(1000, from: channel) == Array(1...1000))
  }

  @Test func theNewestReplaceWhatNobodyHasRead() async {
    let channel = Channel<Int>(newest: 2)
    for number in 1...5 { channel.send(number) }
    #expect(await taken(2, from: channel) == [4, 5])
  }
}
