internal import ArgumentParser

/// How often a watch looks: a whole number with its unit, `500ms`, `5s`, `1m`.
struct LookInterval: ExpressibleByArgument {
  let duration: Duration

  init() { duration = .seconds(1) }

  /// Nil for anything else, and outside of 200 ms to an hour.
  init?(argument: String) {
    let digits = argument.prefix { $0.isASCII && $0.isNumber }
    let factor: Int64? =
      switch argument[digits.endIndex...] {
      case "ms": 1
      case "s": 1000
      case "m": 60_000
      case "h": 3_600_000
      default: nil
      }
    guard let factor, digits.count <= 7, let number = Int64(digits),
      (200...3_600_000).contains(number * factor)
    else { return nil }
    duration = .milliseconds(number * factor)
  }
}
