import FrameText
import Testing

@Suite struct FrameOrderTests {
  private func frames(_ times: Int64...) -> [SeenFrame] { times.map { seen([], time: $0) } }

  @Test func sortsWhatSeveralCapturesBrought() {
    var order = FrameOrder()
    #expect(order.round(frames(1, 4, 2, 3), startedAt: 10).map(\.time) == [1, 2, 3, 4])
    #expect(!order.isWaiting)
  }

  /// The answer was read, its question not yet.
  @Test func whatCameDuringTheLookWaitsForItsCompanions() {
    var order = FrameOrder()
    #expect(order.round(frames(5, 12), startedAt: 10).map(\.time) == [5])
    #expect(order.isWaiting)
    #expect(order.round(frames(11), startedAt: 20).map(\.time) == [11, 12])
    #expect(!order.isWaiting)
  }

  @Test func aClockThatIsSetBackHoldsNothingUp() {
    var order = FrameOrder()
    #expect(order.round(frames(1000), startedAt: 10).isEmpty)
    #expect(order.round([], startedAt: 11).map(\.time) == [1000])
  }

  @Test func framesOfOneTimeStayAsTheyCame() {
    var order = FrameOrder()
    let twins = [seen([1], time: 7), seen([2], time: 7), seen([3], time: 7)]
    #expect(order.round(twins, startedAt: 7) == twins)
  }
}
