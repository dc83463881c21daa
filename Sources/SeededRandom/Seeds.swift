internal import Glibc

/// The seeds of a property test: the first `count`, or those that ANNOUNCER_SEEDS names (`1500`, or
/// `728-728` to repeat a failure).
package func seeds(_ count: UInt64) -> Range<UInt64> {
  guard let text = unsafe getenv("ANNOUNCER_SEEDS") else { return 0..<count }
  let ends = unsafe String(cString: text).split(separator: "-").map { UInt64($0) }
  switch (ends.count, ends.first ?? nil, ends.last ?? nil) {
  case (1, let count?, _): return 0..<count
  case (2, let first?, let last?) where first <= last && last < .max: return first..<(last + 1)
  default: fatalError("ANNOUNCER_SEEDS is a number of seeds, or the first and the last one: 10-20")
  }
}
