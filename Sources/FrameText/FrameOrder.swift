/// Puts the frames of several captures into the order of their times.
///
/// What comes in and what goes out are captured apart, because only so the kernel says which is which;
/// an answer must not be printed before its question for that.
package struct FrameOrder {
  private var late: [SeenFrame] = []

  package init() {}

  /// Whether frames wait for the next round.
  package var isWaiting: Bool { !late.isEmpty }

  /// Takes what one look at all captures brought, and gives back what is in order now.
  ///
  /// What was stamped after `start` may have an older companion in a capture that had been looked at
  /// already: it waits for the next round, and no longer, since a time of day may be set back.
  ///
  /// - Parameter start: when the look began, nanoseconds since 1970.
  package mutating func round(_ frames: [SeenFrame], startedAt start: Int64) -> [SeenFrame] {
    var ready = late
    late = []
    for frame in frames {
      if frame.time <= start { ready.append(frame) } else { late.append(frame) }
    }
    // Stable: two frames of one time stay as they came.
    let order = ready.indices.sorted { (ready[$0].time, $0) < (ready[$1].time, $1) }
    return order.map { ready[$0] }
  }
}
