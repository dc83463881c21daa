/// The `gratuitous` section: what is sent unasked, and how fast.
package struct GratuitousSettings: Hashable, Sendable {
  /// When the rounds go out, counted from the moment the gate opened; strictly ascending, not empty.
  package var schedule: [Duration]
  /// The time between rounds after the schedule; nil where `0s` switched them off.
  package var refresh: Duration?
  /// The least time between two frames on a link; may be zero.
  package var spacing: Duration

  /// More rounds than this, or later ones, are what `refresh` is for.
  private static let longestSchedule = 32

  init(_ value: Value?) {
    let section = value.flatMap { Section($0) }
    schedule = section?.value("schedule").flatMap(Self.schedule) ?? Self.defaultSchedule
    let written = section?.value("refresh")?.duration(
      in: .seconds(1) ... .seconds(86_400), orZero: true)
    refresh = (written ?? .seconds(60)) == .zero ? nil : written ?? .seconds(60)
    spacing = section?.value("spacing")?.duration(in: .zero ... .seconds(1)) ?? .milliseconds(1)
    section?.finish()
  }

  /// Rounds more than a second apart are there because older kernels ignore changes within one.
  package static let defaultSchedule: [Duration] = [
    .zero, .milliseconds(50), .milliseconds(200), .milliseconds(500), .milliseconds(1100),
    .milliseconds(2200), .seconds(5),
  ]

  private static func schedule(_ value: Value) -> [Duration]? {
    guard let values = value.list(example: "[0ms, 500ms, 2s]") else { return nil }
    guard (1...longestSchedule).contains(values.count) else {
      value.fail(
        "\(values.count) rounds", suggestion: "write 1 to \(longestSchedule), such as [0ms, 500ms]")
      return nil
    }
    var schedule: [Duration] = []
    for value in values {
      guard let next = value.duration(in: .zero ... .seconds(60)) else { continue }
      if let last = schedule.last, next <= last {
        value.fail(
          "\(DurationText.write(next)) does not come after \(DurationText.write(last))",
          suggestion: "write the rounds in ascending order")
      }
      schedule.append(next)
    }
    return schedule
  }
}
